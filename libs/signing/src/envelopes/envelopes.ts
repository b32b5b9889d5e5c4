import { dataEnvelope } from './data.envelope.js';
import type { Envelope } from './envelope.js';
import { guestbookFlatEnvelope } from './guestbook-flat.envelope.js';
import { slackEnvelope } from './slack.envelope.js';
import { standardEnvelope } from './standard.envelope.js';
import { stripeEnvelope } from './stripe.envelope.js';

/** The envelopes that a subscription can have with another profile than their own: they need nothing but the event. */
export const ENVELOPES = {
  standard: standardEnvelope,
  data: dataEnvelope,
  'guestbook-flat': guestbookFlatEnvelope,
  stripe: stripeEnvelope,
  slack: slackEnvelope,
} as const satisfies Readonly<Record<string, Envelope>>;

export type EnvelopeName = keyof typeof ENVELOPES;
