import { standardEnvelope } from '../envelopes/standard.envelope.js';
import { newSecret, parseSecret } from '../secret.js';
import { standardSigner } from '../signers/standard.signer.js';
import { defineProfile } from './profile.js';

/** Standard Webhooks: what a subscription speaks unless it says otherwise. */
export const standardProfile = defineProfile({
  name: 'standard',
  handshakes: ['hmac', 'echo', 'ping', 'none'],
  signers: [standardSigner],
  envelope: standardEnvelope,
  transport: { framing: 'content-length', accepts: (status) => status >= 200 && status < 300 },
  secret: { generate: newSecret, parse: parseSecret },
});
