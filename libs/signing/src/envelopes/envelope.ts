import type { BellhopEvent } from '#libs/events';

/** An event without its data, which stays behind when it is large. */
export type EventHead = Omit<BellhopEvent, 'data'>;

/**
 * The shape of a body: a pure function of the event (and of whom it is made for), so that every attempt sends the same
 * bytes. Subscriptions with the same envelope get the same body.
 */
export interface Envelope {
  readonly contentType: string;
  body(event: BellhopEvent): Buffer;
  /** Its receivers tell requests apart by the event's time: no two events of a subscription may have the same. */
  readonly needsOwnMoment?: true;
  /** Says the same of every event of a subscription: that there is news, which its receivers fetch. */
  readonly isThin?: true;
  /** Headers that tell of the event. */
  readonly headers?: (event: EventHead) => Record<string, string>;
}

export const JSON_TYPE = 'application/json';
