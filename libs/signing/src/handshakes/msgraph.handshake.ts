import { isEqualConstantTime } from '../constant-time.js';
import { trimmedText } from './answer-body.js';
import { defineHandshake, notProven, PROVEN } from './handshake.js';
import { NO_BODY, withQuery } from './request-parts.js';

/** Microsoft Graph: an empty POST with `validationToken` in the query, which a text repeats. */
export const msgraphHandshake = defineHandshake({
  name: 'msgraph',
  request: ({ url, challenge }) => ({
    method: 'POST',
    url: withQuery(url, { validationToken: challenge.code }),
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: NO_BODY,
  }),
  judge: ({ answer, challenge }) =>
    isEqualConstantTime(trimmedText(answer.body), challenge.code)
      ? PROVEN
      : notProven('challenge_body', 'Answer with the parameter validationToken, decoded, as the whole body.'),
});
