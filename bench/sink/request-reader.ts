/** One whole request, as a window into the bytes. */
export interface RawRequest {
  readonly path: string;
  readonly bytes: Buffer;
  readonly bodyFrom: number;
  readonly bodyTo: number;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** Cuts a connection's bytes into requests. It knows Content-Length only, which is what senders of events use. */
export class RequestReader {
  /** What came of a request that is not whole yet. */
  private parts: Buffer[] = [];
  private held = 0;
  /** Bytes without which the next request cannot be whole. */
  private wanted = 0;

  constructor(private readonly deliver: (request: RawRequest) => void) {}

  /** The bytes are only lent, and so is a request while it is delivered. */
  push(lent: Buffer): void {
    if (this.held === 0) return this.hold(this.consume(lent));
    this.hold(lent);
    if (this.held < this.wanted) return;
    const bytes = Buffer.concat(this.parts);
    this.parts = [];
    this.held = 0;
    this.hold(this.consume(bytes));
  }

  private hold(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.parts.push(Buffer.from(bytes));
    this.held += bytes.length;
  }

  /** Gives what is not whole yet. */
  private consume(bytes: Buffer): Buffer {
    let from = 0;
    this.wanted = 0;
    while (from < bytes.length) {
      const headEnd = bytes.indexOf(HEAD_END, from);
      if (headEnd < 0) break;
      const head = bytes.toString('latin1', from, headEnd);
      const bodyFrom = headEnd + HEAD_END.length;
      const bodyTo = bodyFrom + Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      this.wanted = bodyTo - from;
      if (bodyTo > bytes.length) break;
      this.wanted = 0;
      from = bodyTo;
      const pathFrom = head.indexOf(' ') + 1;
      this.deliver({ path: head.slice(pathFrom, head.indexOf(' ', pathFrom)), bytes, bodyFrom, bodyTo });
    }
    return bytes.subarray(from);
  }
}
