export const FRAMINGS = ['content-length', 'chunked'] as const;
export type Framing = (typeof FRAMINGS)[number];

/** How the bytes travel, and when they have arrived. */
export interface Transport {
  readonly framing: Framing;
  /** With a text here, an answer of a good status delivers only if its body is that text. */
  readonly expectedAnswer: string | null;
  /** Requests at the same time when the subscription does not say; null: as many as the platform thinks good. */
  readonly maxInFlight: number | null;
  /** Whether a status means that the receiver took the event. */
  readonly accepts: (status: number) => boolean;
}

/** As much of an answer as tells whether the event was taken. */
interface Answer {
  readonly status: number;
  readonly body: Buffer;
  readonly bodyTruncated: boolean;
}

/** Whether an answer says that the event was taken. White space around an expected text does not matter: frameworks add it. */
export function isTaken(
  { accepts, expectedAnswer }: Pick<Transport, 'accepts' | 'expectedAnswer'>,
  { status, body, bodyTruncated }: Answer,
): boolean {
  if (!accepts(status)) return false;
  return expectedAnswer === null || (!bodyTruncated && body.toString('utf8').trim() === expectedAnswer);
}

/** Receivers of one thread queue a handful of connections and refuse the next. */
export const SINGLE_THREADED = 4;

/** A 2xx delivers, whatever its body, unless the parts say otherwise. */
export function transport(parts: Partial<Transport> = {}): Transport {
  return {
    framing: 'content-length',
    expectedAnswer: null,
    maxInFlight: null,
    accepts: (status) => status >= 200 && status < 300,
    ...parts,
  };
}
