import { githubEnvelope } from '../envelopes/github.envelope.js';
import { utf8Secret } from '../secrets/text-secret.js';
import { githubSha1Signer, githubSigner } from '../signers/vendor.signers.js';
import { flag } from './config-rules.js';
import { defineProfile } from './profile.js';

/** GitHub's headers and signature, for whoever verifies those already. */
export const githubProfile = defineProfile<{ sha1?: boolean }>({
  name: 'github',
  says: 'GitHub: `X-Hub-Signature-256` and `X-GitHub-Event`',
  handshakes: ['github', 'ping', 'none'],
  defaultHandshake: 'github',
  config: { sha1: flag('send `X-Hub-Signature` (SHA-1) too') },
  signers: ({ config }) => (config.sha1 === true ? [githubSigner, githubSha1Signer] : [githubSigner]),
  envelope: ({ subscriptionId }) => githubEnvelope(subscriptionId),
  secret: utf8Secret,
});
