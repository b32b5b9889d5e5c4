import { createHmac } from 'node:crypto';
import { isEqualConstantTime } from '../constant-time.js';
import { jsonText } from './answer-body.js';
import { defineHandshake, notProven, type ProofInput, PROVEN, type ProofVerdict } from './handshake.js';
import { getRequest } from './request-parts.js';

/** X (Twitter), challenge-response check: the receiver signs the token in the query with the consumer secret. */
export const twitterHandshake = defineHandshake({
  name: 'twitter',
  request: (question) => getRequest(question, { crc_token: question.challenge.code }),
  judge,
});

function judge({ answer, challenge, keys }: ProofInput): ProofVerdict {
  const token = jsonText(answer.body, 'response_token');
  if (token === null) return notProven('challenge_body', 'Answer with JSON: {"response_token": "sha256=…"}.');
  const isProven = keys.some((key) => isEqualConstantTime(token, twitterResponse(key, challenge.code)));
  if (isProven) return PROVEN;
  const hint = 'The response_token is not "sha256=" and base64(HMAC-SHA256(secret, crc_token)).';
  return notProven('challenge_signature', hint);
}

export function twitterResponse(key: Buffer, token: string): string {
  return `sha256=${createHmac('sha256', key).update(token).digest('base64')}`;
}
