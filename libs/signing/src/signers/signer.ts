import type { EventHead } from '../envelopes/envelope.js';
import type { SecretFormat } from '../secrets/secret-format.js';

/** What a signature covers. `timestamp` is the attempt's, in Unix seconds; `keys` are the live ones, newest first. */
export interface SignatureInput {
  readonly id: string;
  readonly timestamp: number;
  readonly body: Buffer;
  readonly keys: readonly Buffer[];
  /** Where the request goes; some signatures cover it. */
  readonly url?: string;
  /** Left out of a request that tells of no event, such as a challenge. */
  readonly event?: EventHead;
}

/** A request as its receiver has it. */
export interface ReceivedRequest {
  readonly method: string;
  /** The URL that the sender called. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Exactly the bytes that came. */
  readonly body: Buffer;
}

export interface Verification {
  readonly request: ReceivedRequest;
  /** From `verificationKey`: what the receiver holds. */
  readonly keys: readonly Buffer[];
  readonly now: Date;
  /** Seconds that a signed time may lie beside the clock; 300 if left out. */
  readonly toleranceSeconds?: number;
}

/** One way to sign a request and to verify it: pure functions over the bytes sent. */
export interface Signer {
  readonly name: string;
  /** How the sender's secret is read. */
  readonly secret: SecretFormat;
  /** The key in what a receiver was given; throws `invalid_secret`. */
  verificationKey(text: string): Buffer;
  /** The headers that carry the signature, in the case in which they are to be sent. */
  headers(input: SignatureInput): Record<string, string>;
  /** Whether one of the keys signed this request, and lately if a time is signed; never throws. */
  verify(input: Verification): boolean;
}

/** Seconds that a signature's timestamp may lie beside the verifier's clock; the published libraries use the same. */
export const TOLERANCE_SECONDS = 300;

/** Whether a signed time (Unix seconds) is near enough. */
export function isFresh(
  timestamp: number,
  { now, toleranceSeconds = TOLERANCE_SECONDS }: Verification,
): boolean {
  return Number.isFinite(timestamp) && Math.abs(now.getTime() / 1000 - timestamp) <= toleranceSeconds;
}
