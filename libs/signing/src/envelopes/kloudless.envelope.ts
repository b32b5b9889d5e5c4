import type { Envelope } from './envelope.js';

/** Thin: says which account has news, which are then read from the feed. */
export function kloudlessEnvelope(account: string): Envelope {
  const body = Buffer.from(`account=${account}`);
  return { contentType: 'application/x-www-form-urlencoded', isThin: true, body: () => body };
}
