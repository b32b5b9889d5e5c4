import { standardEnvelope } from '../envelopes/standard.envelope.js';
import { asymmetricSecret } from '../secrets/asymmetric-secret.js';
import { discordSigner } from '../signers/discord.signer.js';
import { defineProfile } from './profile.js';

/** Discord's signature: ed25519, so receivers hold nothing that is secret. */
export const discordProfile = defineProfile({
  name: 'discord',
  says: 'Discord: `X-Signature-Ed25519`',
  handshakes: ['discord', 'ping', 'none'],
  defaultHandshake: 'discord',
  signers: [discordSigner],
  envelope: standardEnvelope,
  secret: asymmetricSecret,
});
