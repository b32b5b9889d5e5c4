import { isEqualConstantTime } from '../constant-time.js';
import { jsonText, trimmedText } from './answer-body.js';
import { defineHandshake, notProven, PROVEN } from './handshake.js';
import { configText, signedJson } from './request-parts.js';

/** Slack: `url_verification`, signed; the code comes back as text, as a form or as JSON. */
export const slackHandshake = defineHandshake({
  name: 'slack',
  request: (question) =>
    signedJson(question, {
      token: configText(question, 'verificationToken') ?? '',
      challenge: question.challenge.code,
      type: 'url_verification',
    }),
  judge: ({ answer, challenge }) => {
    const text = trimmedText(answer.body);
    const echoed = jsonText(answer.body, 'challenge') ?? text.replace(/^challenge=/, '');
    if (isEqualConstantTime(echoed, challenge.code)) return PROVEN;
    return notProven('challenge_body', 'Answer an event of type url_verification with its challenge.');
  },
});
