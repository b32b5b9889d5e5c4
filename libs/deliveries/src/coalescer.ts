import { Batcher, type BatcherOptions } from './batcher.js';

interface Asked<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers single questions into batches and gives each one its own answer. */
export class Coalescer<T, R> {
  private readonly batcher: Batcher<Asked<T, R>>;

  constructor(
    private readonly flush: (items: T[]) => Promise<R[]>,
    options: BatcherOptions,
  ) {
    this.batcher = new Batcher((batch) => this.answer(batch), options);
  }

  /** Resolves with this item's result once the batch that holds it is flushed. */
  add(item: T, weight = 1): Promise<R> {
    return new Promise<R>((resolve, reject) => this.batcher.push({ item, resolve, reject }, weight));
  }

  /** Resolves when nothing waits and no flush is under way. */
  drain(): Promise<void> {
    return this.batcher.drain();
  }

  private async answer(batch: Asked<T, R>[]): Promise<void> {
    try {
      const results = await this.flush(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(results[index] as R));
    } catch (error) {
      batch.forEach(({ reject }) => reject(error));
    }
  }
}
