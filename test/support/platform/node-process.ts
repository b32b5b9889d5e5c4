import path from 'node:path';
import type { Readable } from 'node:stream';
import { eventually } from '../eventually.js';
import { WatchedProcess } from '../rabbitmq/watched-process.js';
import { killAll, withDescendants } from './descendants.js';

export interface NodeProgram {
  /** Name of the app: `standalone` runs dist/apps/standalone/src/main.js. */
  readonly app: string;
  readonly port: number;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Options of Node itself, for example `--import`. */
  readonly nodeArgs?: readonly string[];
}

const LOG_TAIL = 6000;

/** One built application as a real process; a restart has the same port, settings and folder. */
export class NodeProcess {
  private child: WatchedProcess | null = null;
  private output = '';

  constructor(private readonly program: NodeProgram) {}

  get app(): string {
    return this.program.app;
  }

  get url(): string {
    return `http://127.0.0.1:${this.program.port}`;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.child?.isRunning ?? false;
  }

  /** Of its last end; null while it runs, and when a signal ended it. */
  get exitCode(): number | null {
    return this.child?.exitCode ?? null;
  }

  /** Resolves when it has ended. */
  get exited(): Promise<void> {
    return this.child?.exited ?? Promise.resolve();
  }

  /** The end of what it wrote, under its name. */
  get log(): string {
    return `--- ${this.program.app} (pid ${this.pid})\n${this.output}`;
  }

  /** Resolves when it says that it is ready. */
  async start(): Promise<void> {
    await this.untilReady(this.spawn());
  }

  /** Starts it and waits for nothing. `env` is for this run alone. */
  spawn(env: Readonly<Record<string, string>> = {}): WatchedProcess {
    const { app, cwd, nodeArgs = [] } = this.program;
    const main = path.resolve(`dist/apps/${app}/src/main.js`);
    const child = new WatchedProcess({
      command: process.execPath,
      args: [...nodeArgs, main],
      options: { cwd, env: { ...this.env(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
    });
    this.child = child;
    for (const stream of child.output) {
      stream.on('data', (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-LOG_TAIL)));
    }
    return child;
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.signal(signal);
  }

  /** Nobody reads what it writes any more: the next line that it writes fails. */
  closeOutput(): void {
    for (const stream of this.child?.output ?? []) (stream as Readable).destroy();
  }

  /** Ends it and all that it started, at once and without a word. */
  async kill9({ spareChildren = false } = {}): Promise<void> {
    if (!this.child?.isRunning) return;
    killAll(spareChildren ? [this.pid] : await withDescendants(this.pid));
    await this.child.exited;
  }

  /** As an operator would: SIGTERM, and time to finish. */
  async stop(): Promise<void> {
    await this.child?.end('SIGTERM');
  }

  private env(): NodeJS.ProcessEnv {
    const { PATH, HOME } = process.env;
    return { PATH, HOME, PORT: String(this.program.port), ...this.program.env };
  }

  private async untilReady(child: WatchedProcess): Promise<void> {
    const ready = async (): Promise<void> => {
      const response = await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(2000) });
      await response.body?.cancel();
      if (response.status !== 200) throw new Error(`/health/ready says ${response.status}`);
    };
    const describe = (): string => `${this.program.app} did not become ready\n${this.log}`;
    const died = child.exited.then(() => Promise.reject(new Error(`${this.program.app} ended\n${this.log}`)));
    died.catch(() => undefined);
    await Promise.race([eventually(ready, { timeoutMs: 45_000, everyMs: 50, describe }), died]);
  }
}
