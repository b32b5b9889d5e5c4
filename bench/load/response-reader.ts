export interface RawResponse {
  readonly status: number;
  readonly body: Buffer;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** Cuts a connection's bytes into responses. It knows Content-Length only, which is how the API answers. */
export class ResponseReader {
  private held: Buffer = Buffer.alloc(0);

  /** The response that is whole with this chunk, or null. One request is under way at a time, so there is one at most. */
  push(chunk: Buffer): RawResponse | null {
    this.held = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    const headEnd = this.held.indexOf(HEAD_END);
    if (headEnd < 0) return null;
    const head = this.held.toString('latin1', 0, headEnd);
    const from = headEnd + HEAD_END.length;
    const to = from + Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    if (to > this.held.length) return null;
    const response = { status: Number(head.slice(9, 12)), body: this.held.subarray(from, to) };
    this.held = this.held.subarray(to);
    return response;
  }
}
