import type { NewEvent } from './received-event.js';
import { type Answer, emptyAnswer, type IncomingRequest, jsonAnswer } from './request.js';

/** What a request turned out to be. */
export type Reading =
  /** Events to keep, and what to answer once they are kept. */
  | { readonly kind: 'events'; readonly events: readonly NewEvent[]; readonly answer: Answer }
  /** A question, such as a challenge: answered, and nothing is kept. */
  | { readonly kind: 'answered'; readonly answer: Answer }
  /** Not from the sender, or not what it should be. `reason` is for the receiver's log. */
  | { readonly kind: 'refused'; readonly answer: Answer; readonly reason: string };

/** Who may send: how its requests are verified, its questions answered and its events read. */
export interface Sender {
  readonly name: string;
  /** Judges one request; never throws, whatever came. */
  read(request: IncomingRequest, now: Date): Reading;
}

const TAKEN = emptyAnswer(204);

export function brought(events: readonly NewEvent[], answer: Answer = TAKEN): Reading {
  return { kind: 'events', events, answer };
}

export function answered(answer: Answer): Reading {
  return { kind: 'answered', answer };
}

/** The body tells the sender's owner what to look at; it never says what would have been right. */
export function refused(reason: string, status = 401): Reading {
  return { kind: 'refused', answer: jsonAnswer({ error: reason }, status), reason };
}

export function badSignature(): Reading {
  return refused('The signature does not fit the body, the secret or the time.');
}
