import { isEqualConstantTime } from '../constant-time.js';
import { jsonText, trimmedText } from './answer-body.js';
import { nativeRequest } from './challenge-request.js';
import { defineHandshake, notProven, PROVEN } from './handshake.js';

const HINT = 'Answer with data.challenge of the request, as the text alone or as {"challenge": "…"}.';

/** The receiver repeats the code: as the whole text, or as JSON `{"challenge": code}`. */
export const echoHandshake = defineHandshake({
  name: 'echo',
  request: nativeRequest,
  judge: ({ answer, challenge }) => {
    const echoed = jsonText(answer.body, 'challenge') ?? trimmedText(answer.body);
    return isEqualConstantTime(echoed, challenge.code) ? PROVEN : notProven('challenge_body', HINT);
  },
});
