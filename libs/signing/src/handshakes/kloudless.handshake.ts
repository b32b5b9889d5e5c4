import { isEqualConstantTime } from '../constant-time.js';
import { trimmedText } from './answer-body.js';
import { defineHandshake, MAX_FOREIGN_PROOF_BYTES, notProven, PROVEN } from './handshake.js';
import { configText, NO_BODY, overlaid } from './request-parts.js';

const FORM = 'application/x-www-form-urlencoded';

/** Kloudless: a signed form without a field, answered 200 with the application's id and nothing else. */
export const kloudlessHandshake = defineHandshake({
  name: 'kloudless',
  maxAnswerBytes: MAX_FOREIGN_PROOF_BYTES,
  needs: ['appId'],
  takes: (status) => status === 200,
  request: ({ url, sign }) => ({
    method: 'POST',
    url,
    headers: overlaid(sign(NO_BODY), { 'Content-Type': FORM }),
    body: NO_BODY,
  }),
  judge: (input) => {
    const appId = configText(input, 'appId');
    const isNamed = appId !== null && isEqualConstantTime(trimmedText(input.answer.body), appId);
    return isNamed
      ? PROVEN
      : notProven('challenge_body', 'Answer 200 with the application id as the whole body.');
  },
});
