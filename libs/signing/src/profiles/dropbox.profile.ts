import { dropboxEnvelope } from '../envelopes/vendor.envelopes.js';
import { utf8Secret } from '../secrets/text-secret.js';
import { dropboxSigner } from '../signers/vendor.signers.js';
import { PLAIN, text } from './config-rules.js';
import { defineProfile } from './profile.js';

/** Dropbox: says whose files have changed and no more. */
export const dropboxProfile = defineProfile<{ account: string }>({
  name: 'dropbox',
  says: 'Dropbox: thin notifications',
  handshakes: ['dropbox', 'none'],
  defaultHandshake: 'dropbox',
  config: { account: text('the account in bodies', PLAIN, { fallback: 'dbid:bellhop' }) },
  signers: [dropboxSigner],
  envelope: ({ config }) => dropboxEnvelope(config.account),
  secret: utf8Secret,
});
