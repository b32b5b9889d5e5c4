import { standardEnvelope } from '../envelopes/standard.envelope.js';
import { utf8Secret } from '../secrets/text-secret.js';
import { trelloSigner } from '../signers/vendor.signers.js';
import { defineProfile } from './profile.js';

/** Trello's signature, which covers the URL that was subscribed. */
export const trelloProfile = defineProfile({
  name: 'trello',
  says: 'Trello: `X-Trello-Webhook` over body and URL',
  handshakes: ['trello', 'ping', 'none'],
  defaultHandshake: 'trello',
  signers: [trelloSigner],
  envelope: standardEnvelope,
  secret: utf8Secret,
});
