import path from 'node:path';
import { eventually } from '../eventually.js';
import { WatchedProcess } from '../rabbitmq/watched-process.js';
import { killAll, withDescendants } from './descendants.js';

export interface NodeProgram {
  /** Name of the app: `standalone` runs dist/apps/standalone/src/main.js. */
  readonly app: string;
  readonly port: number;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

const LOG_TAIL = 6000;

/** One built application as a real process; a restart has the same port, settings and folder. */
export class NodeProcess {
  private child: WatchedProcess | null = null;
  private output = '';

  constructor(private readonly program: NodeProgram) {}

  get url(): string {
    return `http://127.0.0.1:${this.program.port}`;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** The end of what it wrote, under its name. */
  get log(): string {
    return `--- ${this.program.app} (pid ${this.pid})\n${this.output}`;
  }

  /** Resolves when it says that it is ready. */
  async start(): Promise<void> {
    const { app, cwd, port } = this.program;
    const main = path.resolve(`dist/apps/${app}/src/main.js`);
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, PORT: String(port), ...this.program.env };
    const child = new WatchedProcess({
      command: process.execPath,
      args: [main],
      options: { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] },
    });
    this.child = child;
    for (const stream of child.output) {
      stream.on('data', (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-LOG_TAIL)));
    }
    await this.untilReady(child);
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
