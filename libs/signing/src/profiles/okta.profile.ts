import { oktaEnvelope } from '../envelopes/vendor.envelopes.js';
import { tokenSecret, tokenSigner } from '../signers/token.signer.js';
import { standardBeside } from './add-ons.js';
import { defineProfile } from './profile.js';

/** Okta's event hooks: the secret is what `Authorization` says, and nothing is signed; so ours stands beside. */
export const oktaProfile = defineProfile({
  name: 'okta',
  says: 'Okta, event hooks',
  handshakes: ['okta', 'none'],
  defaultHandshake: 'okta',
  signers: [tokenSigner(), standardBeside],
  hasStandardSigner: true,
  envelope: oktaEnvelope,
  secret: tokenSecret,
});
