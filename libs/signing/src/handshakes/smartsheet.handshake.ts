import { isEqualConstantTime } from '../constant-time.js';
import { jsonText } from './answer-body.js';
import { defineHandshake, notProven, PROVEN } from './handshake.js';
import { signedJson, subscriptionOf } from './request-parts.js';

/** Smartsheet: the code in a header and in the body; it comes back in either. */
export const smartsheetHandshake = defineHandshake({
  name: 'smartsheet',
  request: (question) => {
    const { code } = question.challenge;
    const body = { challenge: code, webhookId: subscriptionOf(question).number };
    return signedJson(question, body, { 'Smartsheet-Hook-Challenge': code });
  },
  judge: ({ answer, challenge }) => {
    const echoed =
      answer.headers['smartsheet-hook-response'] ?? jsonText(answer.body, 'smartsheetHookResponse');
    if (isEqualConstantTime(echoed ?? '', challenge.code)) return PROVEN;
    const hint =
      'Repeat Smartsheet-Hook-Challenge as the header Smartsheet-Hook-Response or as JSON {"smartsheetHookResponse": "…"}.';
    return notProven('challenge_body', hint);
  },
});
