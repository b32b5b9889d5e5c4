import type { BellhopEvent } from '#libs/events';

/** The shape of a body: a pure function of the event, so that every attempt sends the same bytes. */
export interface Envelope {
  readonly contentType: string;
  body(event: BellhopEvent): Buffer;
}
