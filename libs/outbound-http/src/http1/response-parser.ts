import { ChunkedBody } from './chunked-body.js';
import { framingOf, keptMsOf } from './framing.js';
import { mayBecomeHead, parseHead, type ResponseHead } from './response-head.js';

/** Is told of a response as it comes in. Bytes are only lent: they are overwritten when the call returns. */
export interface ResponseListener {
  /** An interim response (1xx); false ends the reading. */
  onInterim(status: number): boolean;
  onHead(head: ResponseHead): void;
  /** False ends the reading. */
  onBody(bytes: Buffer): boolean;
  /** The last call. For `keptMs` the connection may wait for another request; 0: not at all. */
  onComplete(keptMs: number): void;
  /** The last call: what came is not HTTP. */
  onFault(errorType: 'http_malformed' | 'http_headers_too_large'): void;
}

export interface ResponseRules {
  /** The request was HEAD: there is no body, whatever the headers say. */
  readonly isHeadRequest: boolean;
  /** Accept header names that no standard allows; see `parseHead`. */
  readonly tolerant: boolean;
}

const MAX_HEAD_BYTES = 16_384;
const HEAD_END = '\r\n\r\n';
const NOTHING = Buffer.alloc(0);

/**
 * Reads the response to one request. It does not guess: whatever two readers could understand in two ways is a
 * fault, and bytes after the end mean that the connection must not be used again.
 */
export class ResponseParser {
  #step: 'head' | 'length' | 'chunks' | 'until-close' | 'over' = 'head';
  #headSoFar = '';
  #bytesLeft = 0;
  #chunks: ChunkedBody | null = null;
  #keptMs = 0;

  constructor(
    private readonly listener: ResponseListener,
    private readonly rules: ResponseRules,
  ) {}

  push(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0 && this.#step !== 'over') rest = this.#take(rest);
  }

  /** The other side closed in order; false if the response was not complete by that. */
  end(): boolean {
    if (this.#step !== 'until-close') return false;
    this.#keptMs = 0;
    this.#complete(0);
    return true;
  }

  /** Takes one part of the response and returns the bytes after it. */
  #take(bytes: Buffer): Buffer {
    if (this.#step === 'head') return this.#takeHead(bytes);
    if (this.#step === 'length') return this.#takeLength(bytes);
    if (this.#chunks !== null) return this.#takeChunks(this.#chunks, bytes);
    if (!this.listener.onBody(bytes)) this.#step = 'over';
    return NOTHING;
  }

  #takeHead(bytes: Buffer): Buffer {
    const known = this.#headSoFar.length;
    const text = this.#headSoFar + bytes.toString('latin1', 0, MAX_HEAD_BYTES - known);
    const end = text.indexOf(HEAD_END, known - HEAD_END.length);
    if (end === -1) return this.#awaitHead(text, known);
    this.#headSoFar = '';
    const head = parseHead(text.slice(0, end + 2), this.rules.tolerant);
    if (head === null) return this.#fault('http_malformed');
    return this.#beginBody(head, bytes, end + HEAD_END.length - known);
  }

  #awaitHead(text: string, known: number): Buffer {
    if (!mayBecomeHead(text, known)) return this.#fault('http_malformed');
    if (text.length === MAX_HEAD_BYTES) return this.#fault('http_headers_too_large');
    this.#headSoFar = text;
    return NOTHING;
  }

  #beginBody(head: ResponseHead, bytes: Buffer, from: number): Buffer {
    const framing = framingOf(head, this.rules.isHeadRequest);
    if (framing === null) return this.#fault('http_malformed');
    const rest = from === bytes.length ? NOTHING : bytes.subarray(from);
    if (head.status < 200) {
      if (!this.listener.onInterim(head.status)) this.#step = 'over';
      return rest;
    }
    this.#keptMs = keptMsOf(head);
    this.listener.onHead(head);
    if (framing === 0) return this.#complete(rest.length);
    this.#expect(framing);
    return rest;
  }

  #expect(framing: number | 'chunked' | 'until-close'): void {
    if (framing === 'until-close') this.#step = 'until-close';
    else if (framing === 'chunked') {
      this.#step = 'chunks';
      this.#chunks = new ChunkedBody(this.listener);
    } else {
      this.#step = 'length';
      this.#bytesLeft = framing;
    }
  }

  #takeLength(bytes: Buffer): Buffer {
    const body = bytes.length > this.#bytesLeft ? bytes.subarray(0, this.#bytesLeft) : bytes;
    this.#bytesLeft -= body.length;
    if (!this.listener.onBody(body)) this.#step = 'over';
    else if (this.#bytesLeft === 0) this.#complete(bytes.length - body.length);
    return NOTHING;
  }

  #takeChunks(chunks: ChunkedBody, bytes: Buffer): Buffer {
    const state = chunks.push(bytes);
    if (state === 'faulty') return this.#fault('http_malformed');
    if (state === 'complete') return this.#complete(bytes.length - chunks.taken);
    return NOTHING;
  }

  #complete(unsolicitedBytes: number): Buffer {
    this.#step = 'over';
    this.listener.onComplete(unsolicitedBytes === 0 ? this.#keptMs : 0);
    return NOTHING;
  }

  #fault(errorType: 'http_malformed' | 'http_headers_too_large'): Buffer {
    this.#step = 'over';
    this.listener.onFault(errorType);
    return NOTHING;
  }
}
