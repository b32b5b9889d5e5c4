import { isEqualConstantTime } from '../constant-time.js';
import { jsonText } from './answer-body.js';
import { defineHandshake, notProven, PROVEN } from './handshake.js';
import { getRequest } from './request-parts.js';

/** Okta: the code in a header of a GET; JSON repeats it. */
export const oktaHandshake = defineHandshake({
  name: 'okta',
  request: (question) => ({
    ...getRequest(question, {}, { 'X-Okta-Verification-Challenge': question.challenge.code }),
    url: question.url,
  }),
  judge: ({ answer, challenge }) =>
    isEqualConstantTime(jsonText(answer.body, 'verification') ?? '', challenge.code)
      ? PROVEN
      : notProven(
          'challenge_body',
          'Answer with JSON {"verification": the header X-Okta-Verification-Challenge}.',
        ),
});
