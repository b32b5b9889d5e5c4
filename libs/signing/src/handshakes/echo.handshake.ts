import { isEqualConstantTime } from '../constant-time.js';
import { bodyFault, jsonObject } from './answer-body.js';
import { type Handshake, notProven, type ProofInput, PROVEN, type ProofVerdict } from './handshake.js';

/** The receiver repeats the code: as the whole text, or as JSON `{"challenge": code}`. */
export const echoHandshake: Handshake = { name: 'echo', asks: true, judge };

function judge({ answer, challenge }: ProofInput): ProofVerdict {
  const fault = bodyFault(answer);
  if (fault) return fault;
  const named = jsonObject(answer.body)?.['challenge'];
  const echoed = typeof named === 'string' ? named : answer.body.toString('utf8').trim();
  if (isEqualConstantTime(echoed, challenge.code)) return PROVEN;
  return notProven(
    'challenge_body',
    'Answer with data.challenge of the request, as the text alone or as {"challenge": "…"}.',
  );
}
