import { isEqualConstantTime } from '../constant-time.js';
import { trimmedText } from './answer-body.js';
import { defineHandshake, notProven, PROVEN } from './handshake.js';
import { getRequest } from './request-parts.js';

/** Dropbox: GET with `challenge` in the query, which the body repeats. */
export const dropboxHandshake = defineHandshake({
  name: 'dropbox',
  request: (question) => getRequest(question, { challenge: question.challenge.code }),
  judge: ({ answer, challenge }) =>
    isEqualConstantTime(trimmedText(answer.body), challenge.code)
      ? PROVEN
      : notProven('challenge_body', 'Answer with the parameter challenge as the whole body.'),
});
