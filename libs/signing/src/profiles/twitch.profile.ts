import { twitchEnvelope } from '../envelopes/vendor.envelopes.js';
import { utf8Secret } from '../secrets/text-secret.js';
import { twitchSigner } from '../signers/vendor.signers.js';
import { defineProfile } from './profile.js';

export const twitchProfile = defineProfile({
  name: 'twitch',
  says: 'Twitch, EventSub',
  handshakes: ['twitch', 'none'],
  defaultHandshake: 'twitch',
  signers: [twitchSigner],
  envelope: ({ subscriptionId }) => twitchEnvelope(subscriptionId),
  secret: utf8Secret,
});
