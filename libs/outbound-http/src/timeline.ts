import type { Opening } from './opening.js';
import type { OutboundTimings } from './outbound-request.js';

/** When the steps of one exchange happened. */
export class Timeline {
  readonly startedAt = new Date();
  readonly begin = performance.now();
  #sentAt = 0;
  #firstByteAt = 0;

  get hasBegunAnswer(): boolean {
    return this.#firstByteAt !== 0;
  }

  noteSent(): void {
    this.#sentAt = performance.now();
  }

  noteBytes(): void {
    if (this.#firstByteAt === 0) this.#firstByteAt = performance.now();
  }

  /** `opening` is null where a kept connection was used. */
  timings(opening: Opening | null, totalMs: number): OutboundTimings {
    return {
      resolveMs: opening === null ? null : rounded(opening.resolveMs),
      connectMs: opening === null ? null : rounded(opening.connectMs),
      tlsMs: opening === null ? null : rounded(opening.tlsMs),
      firstByteMs: this.#firstByteAt === 0 ? null : rounded(this.#firstByteAt - this.#sentAt),
      totalMs: rounded(totalMs),
    };
  }
}

/** To hundredths: what is finer is noise. */
function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 100) / 100;
}
