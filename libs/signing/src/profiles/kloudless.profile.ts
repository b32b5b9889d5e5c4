import { kloudlessEnvelope } from '../envelopes/kloudless.envelope.js';
import { utf8Secret } from '../secrets/text-secret.js';
import { kloudlessSigner } from '../signers/vendor.signers.js';
import { DIGITS, PLAIN, REQUIRED, text } from './config-rules.js';
import { defineProfile } from './profile.js';
import { transport } from './transport.js';

/** Kloudless: says which account has news. It is delivered when the answer's body is the application's id. */
export const kloudlessProfile = defineProfile<{ appId: string; account: string }>({
  name: 'kloudless',
  says: 'Kloudless: thin notifications, with a feed to read from',
  handshakes: ['kloudless', 'none'],
  defaultHandshake: 'kloudless',
  config: {
    appId: text('the application id that every answer must be', PLAIN, REQUIRED),
    account: text('the account in `account=…`', DIGITS, REQUIRED),
  },
  signers: [kloudlessSigner],
  envelope: ({ config }) => kloudlessEnvelope(config.account),
  transport: ({ config }) =>
    transport({ expectedAnswer: String(config.appId).trim(), accepts: (status) => status === 200 }),
  secret: utf8Secret,
  isEnvelopeFixed: true,
});
