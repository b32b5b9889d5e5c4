const EMPTY = Buffer.alloc(0);

/** Collects a body up to a cap. */
export class ResponseBody {
  #chunks: Buffer[] | null = null;
  #size = 0;

  constructor(private readonly maxBytes: number) {}

  /** Returns false once there is more than the cap holds. */
  add(chunk: Buffer): boolean {
    const room = this.maxBytes - this.#size;
    const kept = chunk.length > room ? chunk.subarray(0, room) : chunk;
    this.#size += kept.length;
    (this.#chunks ??= []).push(kept);
    return chunk.length <= room;
  }

  /** A copy, as a chunk is a view that would keep 64 KiB of the socket's memory alive. */
  take(): Buffer {
    return this.#chunks === null ? EMPTY : Buffer.concat(this.#chunks, this.#size);
  }
}
