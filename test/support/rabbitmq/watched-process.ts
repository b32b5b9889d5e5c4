import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { diesWithUs } from '../dies-with-us.js';

export interface WatchedCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: SpawnOptions;
}

/** A child that cannot outlive us, even if we are killed. */
export class WatchedProcess {
  readonly pid: number;
  readonly exited: Promise<void>;
  private readonly child: ChildProcess;

  constructor({ command, args, options }: WatchedCommand) {
    this.child = spawn(command, args, { ...options, detached: true });
    this.exited = new Promise((resolve) => {
      this.child.once('exit', () => resolve());
      this.child.once('error', () => resolve());
    });
    this.pid = this.child.pid ?? 0;
    if (this.pid > 0) void this.exited.then(diesWithUs(this.pid));
  }

  get isRunning(): boolean {
    return this.pid > 0 && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Null while it runs, and when a signal ended it. */
  get exitCode(): number | null {
    return this.child.exitCode;
  }

  /** Sends a signal and waits for nothing. */
  signal(signal: NodeJS.Signals): void {
    if (this.isRunning) this.child.kill(signal);
  }

  get output(): NodeJS.ReadableStream[] {
    return [this.child.stdout, this.child.stderr].filter((stream) => stream !== null);
  }

  /** Sends the signal and waits; what ignores it for ten seconds is killed. */
  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.isRunning) this.child.kill(signal);
    const patience = setTimeout(() => this.child.kill('SIGKILL'), 10_000);
    await this.exited;
    clearTimeout(patience);
  }
}
