import type { Logger } from '@nestjs/common';

/** An outage fails every message again and again; one line in this time, with a count, says as much. */
const QUIET_MS = 10_000;

/** Writes the failures of one consumer's handler without flooding the log. */
export class FailureLog {
  private nextLineAt = 0;
  private unwritten = 0;

  constructor(
    private readonly logger: Logger,
    private readonly queue: string,
  ) {}

  failed(error: Error): void {
    const now = Date.now();
    if (now < this.nextLineAt) {
      this.unwritten += 1;
      return;
    }
    const more = this.unwritten === 0 ? '' : ` (and ${this.unwritten} more since the last line)`;
    this.logger.error(
      `A message of ${this.queue} failed and will come again${more}: ${error.message}`,
      error.stack,
    );
    this.nextLineAt = now + QUIET_MS;
    this.unwritten = 0;
  }

  deadLetter(reason: string): void {
    this.logger.warn(`A message of ${this.queue} became a dead letter: ${reason}`);
  }
}
