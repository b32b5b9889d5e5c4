import { randomInt } from 'node:crypto';
import { isEqualConstantTime } from '../constant-time.js';
import { trimmedText } from './answer-body.js';
import { defineHandshake, notProven, PROVEN } from './handshake.js';
import { configText, getRequest } from './request-parts.js';

/** Meta: `hub.challenge` in a GET with the verify token. The code is a number, as many receivers read it as an int32. */
export const metaHandshake = defineHandshake({
  name: 'meta',
  needs: ['verifyToken'],
  newCode: () => String(randomInt(1_000_000_000, 2_147_483_648)),
  request: (question) =>
    getRequest(question, {
      'hub.mode': 'subscribe',
      'hub.challenge': question.challenge.code,
      'hub.verify_token': configText(question, 'verifyToken') ?? '',
    }),
  judge: ({ answer, challenge }) =>
    isEqualConstantTime(trimmedText(answer.body), challenge.code)
      ? PROVEN
      : notProven('challenge_body', 'Answer with the number in hub.challenge as the whole body.'),
});
