import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';

export interface WatchedCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: SpawnOptions;
}

/**
 * A child that cannot outlive us: an ordinary exit kills it, and after a `kill -9` of us a shell that waits at the
 * other end of a pipe does. Servers left behind by crashed runs would eat the machine.
 */
export class WatchedProcess {
  readonly pid: number;
  readonly exited: Promise<void>;
  private readonly child: ChildProcess;
  private readonly onOurExit: () => void;

  constructor({ command, args, options }: WatchedCommand) {
    this.child = spawn(command, args, { ...options, detached: true });
    this.exited = new Promise((resolve) => {
      this.child.once('exit', () => resolve());
      this.child.once('error', () => resolve());
    });
    this.pid = this.child.pid ?? 0;
    this.onOurExit = () => void this.child.kill('SIGKILL');
    if (this.pid > 0) this.watch();
  }

  get isRunning(): boolean {
    return this.pid > 0 && this.child.exitCode === null && this.child.signalCode === null;
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

  private watch(): void {
    process.once('exit', this.onOurExit);
    const script = 'while read -r line; do :; done; kill -9 "$1"';
    const watcher = spawn('sh', ['-c', script, 'sh', String(this.pid)], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    watcher.unref();
    watcher.once('error', () => undefined);
    watcher.stdin.on('error', () => undefined);
    void this.exited.then(() => {
      watcher.kill('SIGKILL');
      process.removeListener('exit', this.onOurExit);
    });
  }
}
