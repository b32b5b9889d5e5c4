import { asanaEnvelope } from '../envelopes/vendor.envelopes.js';
import { asanaSigner } from '../signers/vendor.signers.js';
import { tokenSecret } from '../signers/token.signer.js';
import { defineProfile } from './profile.js';

/** Asana: the secret comes to the receiver in a header of the challenge. */
export const asanaProfile = defineProfile({
  name: 'asana',
  says: 'Asana: thin notifications',
  handshakes: ['asana', 'none'],
  defaultHandshake: 'asana',
  signers: [asanaSigner],
  envelope: asanaEnvelope,
  secret: tokenSecret,
});
