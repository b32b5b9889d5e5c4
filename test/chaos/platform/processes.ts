import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../../support/eventually.js';
import { freePort } from '../../support/free-port.js';
import { NodeProcess } from '../../support/platform/node-process.js';
import { type CrashAction, type CrashPoint, firedFile, parseCrash } from '../crash/points.js';

const PRELOAD = new URL('../crash/preload.js', import.meta.url).href;

export type Role = 'standalone' | 'api' | 'dispatcher';

interface Program {
  readonly role: Role;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** One process of a platform; it can be killed, frozen, and made to die at a point of the path. */
export class ChaosProcess extends NodeProcess {
  /** Every point that it was told of. */
  readonly armed = new Set<CrashPoint>();
  private endingPid = 0;

  private constructor(
    readonly role: Role,
    program: ConstructorParameters<typeof NodeProcess>[0],
    private readonly crashFile: string,
  ) {
    super(program);
  }

  static async make({ role, folder, env }: Program): Promise<ChaosProcess> {
    const port = await freePort();
    const crashFile = path.join(folder, `crash-${port}`);
    const nodeArgs = ['--import', PRELOAD];
    const program = { app: role, port, cwd: folder, env: { ...env, CRASH_FILE: crashFile }, nodeArgs };
    return new ChaosProcess(role, program, crashFile);
  }

  /** Told to end: then its door closes before everything is put away, and whoever knocks is refused. */
  get isEnding(): boolean {
    return this.endingPid === this.pid;
  }

  override signal(signal: NodeJS.Signals): void {
    if (signal === 'SIGTERM' || signal === 'SIGINT') this.endingPid = this.pid;
    super.signal(signal);
  }

  override stop(): Promise<void> {
    this.endingPid = this.pid;
    return super.stop();
  }

  /** SIGKILL of this process alone; what it started goes on. */
  override kill9(): Promise<void> {
    return super.kill9({ spareChildren: true });
  }

  freeze(): void {
    this.signal('SIGSTOP');
  }

  thaw(): void {
    this.signal('SIGCONT');
  }

  /** From now on, when the point is reached for the nth time, the process does as it is told. Resolves when it knows. */
  async crashAt(point: CrashPoint, { nth = 1, action = 'kill' as CrashAction } = {}): Promise<void> {
    const text = `${point}:${nth}:${action}`;
    parseCrash(text);
    this.armed.add(point);
    writeFileSync(this.crashFile, text);
    this.signal('SIGUSR2');
    await eventually(() => {
      if (existsSync(this.crashFile)) throw new Error(`${this.role} took no crash plan\n${this.log}`);
    });
  }

  /** The points at which it did as it was told. */
  get fired(): readonly string[] {
    const file = firedFile(this.crashFile);
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  }

  forgetCrashes(): void {
    this.armed.clear();
    rmSync(firedFile(this.crashFile), { force: true });
  }

  /** Resolves when it has ended, by whatever. */
  async dies(withinMs = 20_000): Promise<void> {
    await eventually(
      () => {
        if (this.isRunning) throw new Error(`${this.role} still runs after ${withinMs} ms`);
      },
      { timeoutMs: withinMs },
    );
  }

  /** The sum of a metric over its labels; null if there is none of that name, or no answer. */
  async metric(name: string): Promise<number | null> {
    const answer = await fetch(`${this.url}/metrics`, { signal: AbortSignal.timeout(2000) }).catch(
      () => null,
    );
    const lines = ((await answer?.text()) ?? '').split('\n');
    const values = lines.filter((line) => new RegExp(`^${name}[{ ]`).test(line));
    return values.length === 0 ? null : values.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  /** What it says of its readiness; 0 when it does not answer within two seconds. */
  async readiness(): Promise<number> {
    try {
      const answer = await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(2000) });
      await answer.body?.cancel();
      return answer.status;
    } catch {
      return 0;
    }
  }
}
