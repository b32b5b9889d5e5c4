import { dataEnvelope } from '../envelopes/data.envelope.js';
import type { EventHead } from '../envelopes/envelope.js';
import { utf8Secret } from '../secrets/text-secret.js';
import { shopifySigner } from '../signers/vendor.signers.js';
import { defineProfile } from './profile.js';

const headers = ({ id, type, timestamp }: EventHead): Record<string, string> => ({
  'X-Shopify-Topic': type.replaceAll('.', '/'),
  'X-Shopify-Event-Id': id,
  'X-Shopify-Triggered-At': timestamp.toISOString(),
});

/** Shopify's headers and signature; the body is the data alone. */
export const shopifyProfile = defineProfile({
  name: 'shopify',
  says: 'Shopify: `X-Shopify-Hmac-Sha256` and `X-Shopify-Topic`',
  handshakes: ['ping', 'none'],
  defaultHandshake: 'ping',
  signers: [shopifySigner],
  envelope: { ...dataEnvelope, headers },
  secret: utf8Secret,
});
