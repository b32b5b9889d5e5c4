import type { EventHead } from '../envelopes/envelope.js';

/** What a signature covers. `timestamp` is the attempt's, in Unix seconds; `keys` are the live ones, newest first. */
export interface SignatureInput {
  readonly id: string;
  readonly timestamp: number;
  readonly body: Buffer;
  readonly keys: readonly Buffer[];
  /** Where the request goes; some signatures cover it. */
  readonly url?: string;
  /** That URL to the letter as it was subscribed, for signatures whose receivers know only this; left out: as `url`. */
  readonly registeredUrl?: string;
  /** Of the request, if it is another one than its envelope's. */
  readonly contentType?: string;
  /** Of this event to this receiver, from 1; left out: 1. */
  readonly attempt?: number;
  /** Left out of a request that tells of no event, such as a challenge. */
  readonly event?: EventHead;
}

/** One way to sign a request: a pure function over the bytes sent. */
export interface Signer {
  /** The headers that carry the signature, in the case in which they are to be sent. */
  headers(input: SignatureInput): Record<string, string>;
}
