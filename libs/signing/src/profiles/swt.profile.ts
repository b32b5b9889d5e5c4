import { standardEnvelope } from '../envelopes/standard.envelope.js';
import { utf8Secret } from '../secrets/text-secret.js';
import { SWT_ALGORITHMS, swtSigner, type SwtRules } from '../signers/swt.signer.js';
import { standardBeside } from './add-ons.js';
import { oneOf, PLAIN, text } from './config-rules.js';
import { defineProfile } from './profile.js';

/** Secure Webhook Token, a draft: its token has the header to itself, so it is a profile and no add-on. */
export const swtProfile = defineProfile<SwtRules>({
  name: 'swt',
  says: 'Secure Webhook Token: a JWT over the digest of the body (a draft of the IETF)',
  handshakes: ['ping', 'none'],
  defaultHandshake: 'ping',
  config: {
    issuer: text('`iss` of tokens', PLAIN, { fallback: 'bellhop' }),
    algorithm: oneOf('`alg` of tokens', SWT_ALGORITHMS, { fallback: 'HS256' }),
  },
  fromPlatform: (publicUrl) => (publicUrl === null ? {} : { issuer: publicUrl.origin }),
  signers: ({ config }) => [swtSigner(config), standardBeside],
  hasStandardSigner: true,
  envelope: standardEnvelope,
  secret: utf8Secret,
});
