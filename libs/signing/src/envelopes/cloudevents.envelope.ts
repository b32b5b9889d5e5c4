import { ID_PREFIX, isoTime, toTypeId } from '#libs/kernel';
import { type Envelope, type EventHead, JSON_TYPE } from './envelope.js';
import { around, eventId } from './json.js';

export const CLOUDEVENTS_MODES = ['structured', 'binary', 'batch'] as const;

export interface CloudEventsConfig {
  readonly mode: (typeof CLOUDEVENTS_MODES)[number];
  /** The attribute `source`; a URN of the tenant if left out. */
  readonly source?: string;
  /** The name of who sends, which the receiver has consented to. */
  readonly origin?: string;
}

/** CloudEvents 1.0: one JSON object, a list of one, or headers around the data. */
export function cloudEventsEnvelope(config: CloudEventsConfig): Envelope {
  const origin: Record<string, string> =
    config.origin === undefined ? {} : { 'WebHook-Request-Origin': config.origin };
  if (config.mode === 'binary') {
    return {
      contentType: JSON_TYPE,
      headers: (event) => ({ ...origin, ...binaryHeaders(attributesOf(event, config)) }),
      body: ({ data }) => data,
    };
  }
  const isBatch = config.mode === 'batch';
  const [open, close] = isBatch ? ['[', '}]'] : ['', '}'];
  return {
    contentType: `application/cloudevents${isBatch ? '-batch' : ''}+json; charset=utf-8`,
    headers: () => origin,
    body: (event) => {
      const attributes = { ...attributesOf(event, config), datacontenttype: JSON_TYPE };
      return around(`${open}${JSON.stringify(attributes).slice(0, -1)},"data":`, event.data, close);
    },
  };
}

function attributesOf(event: EventHead, { source }: CloudEventsConfig): Record<string, string> {
  return {
    specversion: '1.0',
    id: eventId(event),
    source: source ?? `urn:bellhop:${toTypeId(ID_PREFIX.tenant, event.tenantId)}`,
    type: event.type,
    time: isoTime(event.timestamp),
    ...(event.subject !== null && { subject: event.subject }),
  };
}

function binaryHeaders(attributes: Record<string, string>): Record<string, string> {
  const entries = Object.entries(attributes).map(([name, value]) => [`ce-${name}`, headerValue(value)]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** Spaces, quotes, percent signs and whatever is not printable ASCII as percent-encoded UTF-8. */
function headerValue(text: string): string {
  return text.toWellFormed().replace(/[^\x21\x23\x24\x26-\x7e]/gu, encodeURIComponent);
}
