/**
 * From this size on a body waits for its turn: 256 KiB of JSON take some 5 ms to read, and what came in one go would
 * be read in one go, with nobody else served in between.
 */
const LARGE_BYTES = 32 * 1024;

/** Reads bodies: small ones at once, large ones one in each turn of the event loop, in the order in which they came. */
export class BodyQueue {
  private readonly waiting: (() => void)[] = [];

  read(bytes: number, read: () => void): void {
    if (bytes < LARGE_BYTES) return read();
    this.waiting.push(read);
    if (this.waiting.length === 1) setImmediate(() => this.next());
  }

  private next(): void {
    this.waiting[0]?.();
    this.waiting.shift();
    if (this.waiting.length > 0) setImmediate(() => this.next());
  }
}
