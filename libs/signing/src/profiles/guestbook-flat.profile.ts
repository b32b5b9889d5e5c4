import { guestbookFlatEnvelope } from '../envelopes/guestbook-flat.envelope.js';
import { standardSecret } from '../secrets/standard-secret.js';
import { standardSigner } from '../signers/standard.signer.js';
import { defineProfile } from './profile.js';

/** What the receivers of the guestbook talk take; they do not look at the signature, others can. */
export const guestbookFlatProfile = defineProfile({
  name: 'guestbook-flat',
  says: 'the receivers of the guestbook talk: `{name, comment, time}`',
  handshakes: ['ping', 'hmac', 'echo', 'none'],
  defaultHandshake: 'ping',
  signers: [standardSigner],
  hasStandardSigner: true,
  envelope: guestbookFlatEnvelope,
  secret: standardSecret,
});
