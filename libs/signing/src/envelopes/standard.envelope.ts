import type { BellhopEvent } from '#libs/events';
import { isoTime } from '#libs/kernel';
import type { Envelope } from './envelope.js';

const CLOSING_BRACE = 0x7d;

/** `{"type":…,"timestamp":…,"data":…}` around the publisher's own bytes, which are copied and never parsed. */
export function standardBody(event: BellhopEvent): Buffer {
  const head = `{"type":${JSON.stringify(event.type)},"timestamp":"${isoTime(event.timestamp)}","data":`;
  // The names of event types are ASCII, so a letter is a byte.
  const body = Buffer.allocUnsafe(head.length + event.data.length + 1);
  body.write(head, 'latin1');
  body.set(event.data, head.length);
  body[body.length - 1] = CLOSING_BRACE;
  return body;
}

export const standardEnvelope: Envelope = { contentType: 'application/json', body: standardBody };
