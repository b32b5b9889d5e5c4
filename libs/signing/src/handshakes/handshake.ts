import { randomBytes } from 'node:crypto';

/** How a receiver proves that it wants what a subscription sends: ours first, then those of others' receivers. */
export const HANDSHAKE_NAMES = [
  'hmac',
  'echo',
  'ping',
  'none',
  'preservica',
  'kloudless',
  'mcs-s3',
  'github',
  'slack',
  'cloudevents',
  'websub',
  'meta',
  'twitter',
  'zoom',
  'dropbox',
  'msgraph',
  'smartsheet',
  'asana',
  'okta',
  'twitch',
  'trello',
  'discord',
] as const;
export type HandshakeName = (typeof HANDSHAKE_NAMES)[number];

/** A question put to one URL for one subscription; fresh each time, so that an old answer proves nothing. */
export interface Challenge {
  /** `webhook-id` of the request. */
  readonly id: string;
  /** The `sub_…` id: an answer for another subscription proves nothing. */
  readonly subscriptionId: string;
  /** What the handshake's `newCode` made; never anything that a caller or a receiver chose. */
  readonly code: string;
  readonly timestamp: Date;
}

/** All that a request and the verdict on its answer depend on. */
export interface Question {
  readonly challenge: Challenge;
  /** Where the request goes: the normal form of the subscription's URL. */
  readonly url: string;
  /** The URL to the letter as it was subscribed, for receivers that sign it. */
  readonly registeredUrl: string;
  /** Live keys as the profile reads them, newest first. */
  readonly keys: readonly Buffer[];
  /** The subscription's `profileConfig`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The DNS name under which the platform speaks. */
  readonly origin: string;
  /** Where a receiver may consent later; null if nobody waits for that. */
  readonly callbackUrl: string | null;
  /** The profile's headers for a request with this body: content type (the profile's unless given) and signatures. */
  readonly sign: (body: Buffer, contentType?: string) => Readonly<Record<string, string>>;
}

export interface HandshakeRequest {
  readonly method: 'POST' | 'GET' | 'OPTIONS' | 'HEAD';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface ChallengeAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly isTruncated: boolean;
}

export type ProofFault =
  'challenge_status' | 'challenge_body' | 'challenge_signature' | 'challenge_too_large' | 'challenge_consent';

export interface Proven {
  readonly isProven: true;
  /** What there is to know about how it was proven. */
  readonly note?: string;
  /** Requests a minute that the receiver consents to; left out: it set no limit. */
  readonly allowedPerMinute?: number;
}

/** `hint` tells the receiver's owner what to change. */
export interface NotProven {
  readonly isProven: false;
  readonly errorType: ProofFault;
  readonly hint: string;
  /** It may still consent at `callbackUrl`. */
  readonly isAwaited?: true;
}

export type ProofVerdict = Proven | NotProven;

export interface ProofInput extends Question {
  readonly answer: ChallengeAnswer;
}

/** One way to ask: pure functions from a question to a request, and from an answer to a verdict. */
export interface Handshake {
  readonly name: HandshakeName;
  /** `none` asks nothing: no request is made at all. */
  readonly asks: boolean;
  /** Whether the proof may stand in the answer's body; otherwise nobody waits for it. */
  readonly readsBody: boolean;
  readonly maxAnswerBytes: number;
  /** Fields of `profileConfig` without which it cannot ask. */
  readonly needs: readonly string[];
  /** A code that nobody can foresee, in the alphabet that receivers of this kind can bear. */
  readonly newCode: () => string;
  request(question: Question): HandshakeRequest;
  /** Whether an answer of this status is looked at; the others are refused as `challenge_status`. */
  takes(status: number): boolean;
  judge(input: ProofInput): ProofVerdict;
}

/** Bytes of an answer. A proof needs about 100; more would make the challenge a way to fetch other people's pages. */
const MAX_PROOF_BYTES = 512;
/** For receivers whose frameworks put headers and white space of their own around the proof. */
export const MAX_FOREIGN_PROOF_BYTES = 65_536;

export const PROVEN: Proven = { isProven: true };

export function notProven(errorType: ProofFault, hint: string): NotProven {
  return { isProven: false, errorType, hint };
}

/** 128 bits of letters, digits, `-` and `_`: nothing that a query, a header or JSON would have to escape. */
export function randomCode(): string {
  return randomBytes(16).toString('base64url');
}

type Parts = Pick<Handshake, 'name' | 'request' | 'judge'> & Partial<Handshake>;

/** A handshake with the usual answer (2xx, proof in a short body) and code, unless its parts say otherwise. */
export function defineHandshake(parts: Parts): Handshake {
  return {
    asks: true,
    readsBody: true,
    maxAnswerBytes: MAX_PROOF_BYTES,
    needs: [],
    newCode: randomCode,
    takes: (status) => status >= 200 && status <= 299,
    ...parts,
  };
}
