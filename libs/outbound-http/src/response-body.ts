const EMPTY = Buffer.alloc(0);

/** Collects a body up to a cap, as a copy: the bytes are only lent to us. */
export class ResponseBody {
  #bytes = EMPTY;
  #size = 0;

  constructor(private readonly maxBytes: number) {}

  /** Returns false once there is more than the cap holds. */
  add(chunk: Buffer): boolean {
    const kept = Math.min(chunk.length, this.maxBytes - this.#size);
    const size = this.#size + kept;
    if (size > this.#bytes.length) this.#grow(size);
    chunk.copy(this.#bytes, this.#size, 0, kept);
    this.#size = size;
    return kept === chunk.length;
  }

  take(): Buffer {
    return this.#size === this.#bytes.length ? this.#bytes : this.#bytes.subarray(0, this.#size);
  }

  /** Exactly what is needed at first, as most bodies come in one piece; then twice as much each time. */
  #grow(size: number): void {
    const known = this.#bytes;
    this.#bytes = Buffer.allocUnsafe(Math.max(size, Math.min(this.maxBytes, 2 * known.length)));
    known.copy(this.#bytes);
  }
}
