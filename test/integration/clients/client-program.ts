import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';

type Said = Readonly<Record<string, unknown>>;

/** A program of another language that says what happened, one JSON object in a line, and goes on when it is told. */
export class ClientProgram {
  private readonly lines: AsyncIterator<string>;
  private readonly reader: Interface;
  private readonly closed: Promise<unknown>;
  private errors = '';

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    this.reader = createInterface(child.stdout);
    this.lines = this.reader[Symbol.asyncIterator]();
    child.stderr.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
    // Told to go on after its end, it must fail by what it said, not by the pipe.
    child.stdin.on('error', () => undefined);
    this.closed = once(child, 'close');
  }

  static async start(program: string, args: readonly string[], cwd: string): Promise<ClientProgram> {
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1' };
    const child = spawn(program, args, { cwd, env, stdio: 'pipe' });
    const client = new ClientProgram(child);
    await once(child, 'spawn');
    return client;
  }

  /** The next thing that it says; throws with its error output if it ends instead. */
  async says(): Promise<Said> {
    const { done, value } = await this.lines.next();
    if (done !== true) return JSON.parse(value) as Said;
    await this.closed;
    throw new Error(`The client ended with ${String(this.child.exitCode)}: ${this.errors.slice(-2_000)}`);
  }

  goOn(): void {
    this.child.stdin.write('\n');
  }

  /** Resolves when it has ended by itself without a fault. */
  async ends(): Promise<void> {
    await this.closed;
    if (this.child.exitCode !== 0) throw new Error(`The client failed: ${this.errors.slice(-2_000)}`);
  }

  async stop(): Promise<void> {
    this.reader.close();
    this.child.kill('SIGKILL');
    await this.closed;
  }
}
