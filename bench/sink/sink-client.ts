import type { Sink, SinkStats } from '../case.js';
import { Child } from '../process/child.js';
import type { Progress } from './sink-process.js';

/** When the sink counted, by the machine's clock: a rate is the difference of two of them. */
export type TimedStats = SinkStats & { readonly atMicros: number };

export class SinkClient implements Sink {
  /** Events carry it; those of another run are not counted. */
  run = 0;
  private progress = 0;
  private readonly listeners = new Set<(delivered: number) => void>();

  private constructor(
    private readonly child: Child,
    private readonly url: string,
  ) {
    child.onNotice((notice) => {
      const { run, delivered } = notice as Progress;
      if (run !== this.run) return;
      this.progress = delivered;
      for (const listener of this.listeners) listener(this.progress);
    });
  }

  static async start(): Promise<SinkClient> {
    const child = Child.start('./sink-process.js', import.meta.url);
    const sink = new SinkClient(child, `http://127.0.0.1:${await child.call<number>('listen')}`);
    await sink.reset();
    return sink;
  }

  get pid(): number {
    return this.child.pid;
  }

  endpoint(behaviour: string, group: string, n: number): string {
    return `${this.url}/${behaviour}/${group}/${n}`;
  }

  async reset(): Promise<void> {
    this.run += 1;
    await this.child.call('begin', this.run);
    this.progress = 0;
  }

  stats(): Promise<TimedStats> {
    return this.child.call('stats');
  }

  async delivered(count: number, timeoutMs: number): Promise<TimedStats> {
    if (this.progress < count) await this.untilProgress(count, timeoutMs);
    return this.stats();
  }

  /** Told every few milliseconds, while something arrives. */
  onProgress(listener: (delivered: number) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  stop(): void {
    this.child.stop();
  }

  private untilProgress(count: number, timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        stopListening();
        clearTimeout(patience);
        resolve();
      };
      const stopListening = this.onProgress((delivered) => {
        if (delivered >= count) done();
      });
      const patience = setTimeout(done, timeoutMs);
    });
  }
}
