import { smartsheetEnvelope } from '../envelopes/vendor.envelopes.js';
import { utf8Secret } from '../secrets/text-secret.js';
import { smartsheetSigner } from '../signers/vendor.signers.js';
import { wholeNumber } from './config-rules.js';
import { defineProfile } from './profile.js';

export const smartsheetProfile = defineProfile<{ scopeObjectId?: number }>({
  name: 'smartsheet',
  says: 'Smartsheet: thin notifications',
  handshakes: ['smartsheet', 'none'],
  defaultHandshake: 'smartsheet',
  config: { scopeObjectId: wholeNumber('the sheet in bodies', Number.MAX_SAFE_INTEGER) },
  signers: [smartsheetSigner],
  envelope: ({ config, subscriptionId }) => smartsheetEnvelope(config.scopeObjectId ?? 1, subscriptionId),
  secret: utf8Secret,
});
