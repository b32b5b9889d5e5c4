import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { diesWithUs } from '../../test/support/dies-with-us.js';
import { freePort } from '../../test/support/free-port.js';
import type { Role } from '../case.js';
import type { Answer, Call } from '../process/answering.js';

const READY_MS = 120_000;
const STOP_MS = 30_000;
const LOG_TAIL = 4_000;
const STALL_WATCH = new URL('./stall-watch.js', import.meta.url).href;

export interface NodeProgram {
  readonly role: Role;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly watchStalls: boolean;
  /** Where to write a CPU profile at the end of the process. */
  readonly profileDir: string | null;
}

/** One built application of the platform. */
export class NodeProcess {
  private constructor(
    readonly role: Role,
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly logFile: string,
  ) {}

  static async start(program: NodeProgram): Promise<NodeProcess> {
    const { role, folder, env } = program;
    const port = await freePort();
    const logFile = `${folder}/${role}.log`;
    const log = openSync(logFile, 'a');
    const main = fileURLToPath(new URL(`../../apps/${role}/src/main.js`, import.meta.url));
    const child = spawn(process.execPath, [...nodeOptions(program), main], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: String(port), ...env },
      stdio: program.watchStalls ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    const release = diesWithUs(child.pid ?? 0);
    child.once('exit', release);
    const started = new NodeProcess(role, `http://127.0.0.1:${port}`, child, logFile);
    await started.untilReady();
    return started;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** As an operator would. */
  async stop(): Promise<void> {
    if (this.hasEnded) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    const patience = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(patience);
  }

  /** Milliseconds of the longest stall since the last question. */
  longestStall(): Promise<number> {
    return new Promise((resolve) => {
      this.child.once('message', (answer: Answer) => resolve(Number(answer.result)));
      this.child.send({ id: 1, name: 'longestStall', argument: null } satisfies Call);
    });
  }

  private get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private async untilReady(): Promise<void> {
    const deadline = Date.now() + READY_MS;
    while (Date.now() < deadline && !this.hasEnded) {
      const response = await fetch(`${this.url}/health/ready`).catch(() => null);
      await response?.body?.cancel();
      if (response?.status === 200) return;
      await pause(20);
    }
    this.child.kill('SIGKILL');
    const log = readFileSync(this.logFile, 'utf8').slice(-LOG_TAIL);
    throw new Error(`the ${this.role} process did not become ready\n${log}`);
  }
}

function nodeOptions({ role, watchStalls, profileDir }: NodeProgram): string[] {
  const profile = profileDir === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`];
  const name = profileDir === null ? [] : [`--cpu-prof-name=${role}-${Date.now()}.cpuprofile`];
  return [...profile, ...name, ...(watchStalls ? ['--import', STALL_WATCH] : [])];
}
