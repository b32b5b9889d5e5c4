import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { AppError } from '#libs/kernel';

const MAX_RUNNING = 50;
/** Whoever asks for more is told to come again. */
const MAX_WAITING = 1_000;

type Task = () => Promise<void>;

/** What is done after its request has been answered. A stop waits for what runs; what has not begun is left undone. */
@Injectable()
export class BackgroundTasks implements BeforeApplicationShutdown {
  private readonly logger = new Logger(BackgroundTasks.name);
  private readonly waiting: Task[] = [];
  private readonly running = new Set<Promise<void>>();

  /** Throws `unavailable` while there is too much to do. */
  refuseWhenFull(): void {
    if (this.waiting.length < MAX_WAITING) return;
    const message = 'There are too many requests at the moment. Send this one again in a minute.';
    throw new AppError('unavailable', 'unavailable', message, { retryAfterSeconds: 60 });
  }

  start(task: Task): void {
    this.waiting.push(task);
    this.fill();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.waiting.length = 0;
    await Promise.all(this.running);
  }

  private fill(): void {
    while (this.running.size < MAX_RUNNING) {
      const task = this.waiting.shift();
      if (task === undefined) return;
      const run = this.run(task).finally(() => {
        this.running.delete(run);
        this.fill();
      });
      this.running.add(run);
    }
  }

  private async run(task: Task): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.logger.warn(`Something that nobody waits for failed: ${String(error)}`);
    }
  }
}
