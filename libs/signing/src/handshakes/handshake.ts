/** How a receiver proves that it wants what a subscription sends. */
export type HandshakeName = 'hmac' | 'echo' | 'ping' | 'none';

/** A question put to one URL for one subscription; fresh each time, so that an old answer proves nothing. */
export interface Challenge {
  /** `webhook-id` of the request. */
  readonly id: string;
  /** The `sub_…` id: an answer for another subscription proves nothing. */
  readonly subscriptionId: string;
  /** 16 random bytes, base64url. */
  readonly code: string;
  readonly timestamp: Date;
}

export interface ChallengeAnswer {
  readonly status: number;
  readonly body: Buffer;
  readonly isTruncated: boolean;
}

export type ProofFault =
  'challenge_status' | 'challenge_body' | 'challenge_signature' | 'challenge_too_large';
/** `hint` tells the receiver's owner what to change. */
export type ProofVerdict =
  | { readonly isProven: true }
  | { readonly isProven: false; readonly errorType: ProofFault; readonly hint: string };

export interface ProofInput {
  readonly challenge: Challenge;
  readonly answer: ChallengeAnswer;
  readonly keys: readonly Buffer[];
}

export interface Handshake {
  readonly name: HandshakeName;
  /** `none` asks nothing: no request is made at all. */
  readonly asks: boolean;
  /** Judges the body of an answer whose status was 2xx. */
  judge(input: ProofInput): ProofVerdict;
}

export const PROVEN: ProofVerdict = { isProven: true };

export function notProven(errorType: ProofFault, hint: string): ProofVerdict {
  return { isProven: false, errorType, hint };
}
