import { stripeEnvelope } from '../envelopes/stripe.envelope.js';
import { utf8Secret } from '../secrets/text-secret.js';
import { stripeSigner } from '../signers/stripe.signer.js';
import { defineProfile } from './profile.js';

/** Stripe's events and signature, for whoever verifies those already. */
export const stripeProfile = defineProfile({
  name: 'stripe',
  says: 'Stripe: `Stripe-Signature` and `{id, object: "event", …}`',
  handshakes: ['ping', 'none'],
  defaultHandshake: 'ping',
  signers: [stripeSigner],
  envelope: stripeEnvelope,
  secret: utf8Secret,
});
