import { isEqualConstantTime } from '../constant-time.js';
import { defineHandshake, notProven, PROVEN } from './handshake.js';
import type { Question } from './handshake.js';

/** Asana: the publisher's secret in a header, which the answer repeats; the receiver learns it that way. */
export const asanaHandshake = defineHandshake({
  name: 'asana',
  readsBody: false,
  request: (question) => ({
    method: 'POST',
    url: question.url,
    headers: { 'content-type': 'application/json', 'X-Hook-Secret': secretOf(question) },
    body: Buffer.from('{}'),
  }),
  judge: (input) => {
    const secret = secretOf(input);
    const echoed = input.answer.headers['x-hook-secret'];
    if (secret !== '' && echoed !== undefined && isEqualConstantTime(echoed, secret)) return PROVEN;
    return notProven('challenge_body', 'Repeat the header X-Hook-Secret in the answer, and keep its value.');
  },
});

/** The key is the text of the secret. */
function secretOf({ keys }: Question): string {
  return keys[0]?.toString('utf8') ?? '';
}
