import { CHUNK_SIZE_LINE, FIELD_LINE } from './grammar.js';

/** `unwanted`: who takes the body has enough of it. */
export type ChunkedState = 'open' | 'complete' | 'faulty' | 'unwanted';

type ExpectedLine = 'size' | 'end-of-data' | 'trailer';

const LF = 0x0a;
const MAX_TRAILER_BYTES = 16_384;
const MAX_LINE_BYTES: Readonly<Record<ExpectedLine, number>> = {
  size: 1024,
  'end-of-data': 2,
  trailer: MAX_TRAILER_BYTES,
};

/** Takes the chunks of a body apart, however the bytes are split; extensions and trailers are read and left out. */
export class ChunkedBody {
  state: ChunkedState = 'open';
  /** How many bytes of the last `push` belong to the body; what follows them is not part of it. */
  taken = 0;
  #expected: ExpectedLine = 'size';
  #line = '';
  #dataLeft = 0;
  #trailerBytes = 0;

  constructor(private readonly listener: { onBody(bytes: Buffer): boolean }) {}

  push(bytes: Buffer): ChunkedState {
    this.taken = 0;
    while (this.taken < bytes.length && this.state === 'open') {
      if (this.#dataLeft > 0) this.#takeData(bytes);
      else this.#takeLine(bytes);
    }
    return this.state;
  }

  #takeData(bytes: Buffer): void {
    const data = bytes.subarray(this.taken, this.taken + this.#dataLeft);
    this.taken += data.length;
    this.#dataLeft -= data.length;
    if (!this.listener.onBody(data)) this.state = 'unwanted';
  }

  #takeLine(bytes: Buffer): void {
    const end = bytes.indexOf(LF, this.taken);
    const next = end === -1 ? bytes.length : end + 1;
    this.#line += bytes.toString('latin1', this.taken, next);
    this.taken = next;
    if (this.#line.length > MAX_LINE_BYTES[this.#expected]) this.state = 'faulty';
    else if (end !== -1) this.#endLine();
  }

  #endLine(): void {
    const line = this.#line;
    this.#line = '';
    if (this.#expected === 'size') this.#beginChunk(CHUNK_SIZE_LINE.exec(line)?.[1]);
    else if (this.#expected === 'trailer') this.#takeTrailer(line);
    else if (line === '\r\n') this.#expected = 'size';
    else this.state = 'faulty';
  }

  #beginChunk(size: string | undefined): void {
    if (size === undefined) return void (this.state = 'faulty');
    this.#dataLeft = Number.parseInt(size, 16);
    this.#expected = this.#dataLeft === 0 ? 'trailer' : 'end-of-data';
  }

  #takeTrailer(line: string): void {
    this.#trailerBytes += line.length;
    if (line === '\r\n') this.state = 'complete';
    else if (this.#trailerBytes > MAX_TRAILER_BYTES || !FIELD_LINE.test(line)) this.state = 'faulty';
  }
}
