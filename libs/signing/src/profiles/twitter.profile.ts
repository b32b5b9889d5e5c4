import { twitterEnvelope } from '../envelopes/vendor.envelopes.js';
import { utf8Secret } from '../secrets/text-secret.js';
import { twitterSigner } from '../signers/vendor.signers.js';
import { PLAIN, text } from './config-rules.js';
import { defineProfile } from './profile.js';

/** X, once Twitter: the account activity API. */
export const twitterProfile = defineProfile<{ forUserId: string }>({
  name: 'twitter',
  says: 'X (Twitter), account activity',
  handshakes: ['twitter', 'none'],
  defaultHandshake: 'twitter',
  config: { forUserId: text('the `for_user_id` in bodies', PLAIN, { fallback: '1' }) },
  signers: [twitterSigner],
  envelope: ({ config }) => twitterEnvelope(config.forUserId),
  secret: utf8Secret,
});
