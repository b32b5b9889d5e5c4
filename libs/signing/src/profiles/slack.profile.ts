import { slackEnvelope } from '../envelopes/slack.envelope.js';
import { utf8Secret } from '../secrets/text-secret.js';
import { slackSigner } from '../signers/vendor.signers.js';
import { defineProfile } from './profile.js';

/** Slack's Events API, for whoever verifies that already. */
export const slackProfile = defineProfile({
  name: 'slack',
  says: 'Slack: `X-Slack-Signature` and `event_callback`',
  handshakes: ['slack', 'none'],
  defaultHandshake: 'slack',
  signers: [slackSigner],
  envelope: slackEnvelope,
  // Slack counts the retries alone.
  retryHeaders: (attempt) => ({ 'X-Slack-Retry-Num': String(attempt - 1) }),
  secret: utf8Secret,
});
