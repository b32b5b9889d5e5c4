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
  private parts: Buffer[] = [];
  private held = 0;
  /** Bytes without which the next request cannot be whole. */
  private wanted = 0;

  constructor(private readonly deliver: (request: RawRequest) => void) {}

  push(chunk: Buffer): void {
    this.parts.push(chunk);
    this.held += chunk.length;
    if (this.held < this.wanted) return;
    const bytes = this.parts.length === 1 ? chunk : Buffer.concat(this.parts);
    const rest = bytes.subarray(this.consume(bytes));
    this.parts = rest.length === 0 ? [] : [rest];
    this.held = rest.length;
  }

  /** Gives the offset of what is not whole yet. */
  private consume(bytes: Buffer): number {
    let from = 0;
    this.wanted = 0;
    while (from < bytes.length) {
      const headEnd = bytes.indexOf(HEAD_END, from);
      if (headEnd < 0) return from;
      const head = bytes.toString('latin1', from, headEnd);
      const bodyFrom = headEnd + HEAD_END.length;
      const bodyTo = bodyFrom + Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      this.wanted = bodyTo - from;
      if (bodyTo > bytes.length) return from;
      this.wanted = 0;
      from = bodyTo;
      const pathFrom = head.indexOf(' ') + 1;
      this.deliver({ path: head.slice(pathFrom, head.indexOf(' ', pathFrom)), bytes, bodyFrom, bodyTo });
    }
    return from;
  }
}
