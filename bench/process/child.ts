import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Call } from './answering.js';

/** A process of the benchmark's own that answers calls (`answering.ts`); it ends when this one does. */
export class Child {
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private calls = 0;
  private notice: (value: unknown) => void = () => undefined;

  private constructor(private readonly process: ChildProcess) {
    process.on('message', (message: Answer) => this.receive(message));
    process.once('exit', () => this.failAll());
  }

  /** `file` is a module of ours, seen from `from`: `Child.start('./sink-process.js', import.meta.url)`. */
  static start(file: string, from: string): Child {
    return new Child(fork(fileURLToPath(new URL(file, from)), { serialization: 'json' }));
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  onNotice(listener: (value: unknown) => void): void {
    this.notice = listener;
  }

  call<T>(name: string, argument: unknown = null): Promise<T> {
    this.calls += 1;
    const call: Call = { id: this.calls, name, argument };
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(call.id, (answer) => {
        if (answer.error === undefined) resolve(answer.result as T);
        else reject(new Error(`${name}: ${answer.error}`));
      });
      this.tell(call);
    });
  }

  /** A call without an answer. */
  tell(call: Call): void {
    if (this.process.connected) this.process.send(call);
    else this.receive({ id: call.id, error: 'the process has ended' });
  }

  stop(): void {
    if (this.process.connected) this.process.disconnect();
  }

  private receive(answer: Answer): void {
    if (answer.id === 0) return this.notice(answer.result);
    this.waiting.get(answer.id)?.(answer);
    this.waiting.delete(answer.id);
  }

  private failAll(): void {
    for (const id of this.waiting.keys()) this.receive({ id, error: 'the process has ended' });
  }
}
