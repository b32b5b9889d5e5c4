import { standardEnvelope } from '../envelopes/standard.envelope.js';
import { asymmetricSecret } from '../secrets/asymmetric-secret.js';
import { standardSecret } from '../secrets/standard-secret.js';
import { asymmetricSigner } from '../signers/asymmetric.signer.js';
import { standardSigner } from '../signers/standard.signer.js';
import { flag } from './config-rules.js';
import { defineProfile } from './profile.js';

/** Standard Webhooks: what a subscription speaks unless it says otherwise. */
export const standardProfile = defineProfile<{ asymmetric?: boolean }>({
  name: 'standard',
  says: 'Standard Webhooks 1.0.0, the default',
  handshakes: ['hmac', 'echo', 'ping', 'none'],
  config: {
    asymmetric: flag('sign with an ed25519 key too (`v1a`), of which receivers have the public half'),
  },
  signers: ({ config }) => [config.asymmetric === true ? asymmetricSigner : standardSigner],
  hasStandardSigner: true,
  envelope: standardEnvelope,
  secret: ({ config }) => (config.asymmetric === true ? asymmetricSecret : standardSecret),
});
