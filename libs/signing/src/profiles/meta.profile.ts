import { metaEnvelope } from '../envelopes/vendor.envelopes.js';
import { utf8Secret } from '../secrets/text-secret.js';
import { githubSigner } from '../signers/vendor.signers.js';
import { PLAIN, SECRET, text } from './config-rules.js';
import { defineProfile } from './profile.js';

/** Meta's webhooks: the same signature as GitHub's. */
export const metaProfile = defineProfile<{ object: string; verifyToken?: string }>({
  name: 'meta',
  says: 'Meta (Facebook, Instagram, WhatsApp)',
  handshakes: ['meta', 'none'],
  defaultHandshake: 'meta',
  config: {
    verifyToken: text('`hub.verify_token` of the verification; never shown', PLAIN, SECRET),
    object: text('the `object` in bodies', PLAIN, { fallback: 'page' }),
  },
  signers: [githubSigner],
  envelope: ({ config, subscriptionId }) => metaEnvelope(config.object, subscriptionId),
  secret: utf8Secret,
});
