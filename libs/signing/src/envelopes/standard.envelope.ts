import type { BellhopEvent } from '#libs/events';
import type { Envelope } from './envelope.js';

const END = Buffer.from('}');

/** `{"type":…,"timestamp":…,"data":…}` around the publisher's own bytes, which are copied and never parsed. */
export function standardBody(event: BellhopEvent): Buffer {
  const head = `{"type":${JSON.stringify(event.type)},"timestamp":"${event.timestamp.toISOString()}","data":`;
  return Buffer.concat([Buffer.from(head), event.data, END]);
}

export const standardEnvelope: Envelope = { contentType: 'application/json', body: standardBody };
