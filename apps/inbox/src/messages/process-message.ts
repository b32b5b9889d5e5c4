import { parsedOrText } from './message.dto.js';

/**
 * The work that this subscriber does with an event: it looks whether it could use it. Says why not, or null.
 * Happens long after the acknowledgement, because a sender should never wait for it.
 */
export function processMessage(payload: Buffer): string | null {
  const event = parsedOrText(payload);
  if (typeof event !== 'object' || event === null) return 'The payload is not a JSON object.';
  const { type, timestamp, data } = event as Record<string, unknown>;
  if (typeof type !== 'string') return 'The event has no type.';
  if (typeof timestamp !== 'string' || Number.isNaN(Date.parse(timestamp)))
    return 'The event has no timestamp.';
  return data === undefined ? 'The event has no data.' : null;
}
