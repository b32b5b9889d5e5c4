import { createHmac } from 'node:crypto';
import { isEqualConstantTime } from '../constant-time.js';
import { jsonText } from './answer-body.js';
import { defineHandshake, notProven, type ProofInput, PROVEN, type ProofVerdict } from './handshake.js';
import { signedJson } from './request-parts.js';

/** Zoom: `endpoint.url_validation`, signed; the receiver returns the token and its HMAC in hex. */
export const zoomHandshake = defineHandshake({
  name: 'zoom',
  request: (question) =>
    signedJson(question, {
      event: 'endpoint.url_validation',
      payload: { plainToken: question.challenge.code },
      event_ts: question.challenge.timestamp.getTime(),
    }),
  judge,
});

function judge({ answer, challenge, keys }: ProofInput): ProofVerdict {
  const plain = jsonText(answer.body, 'plainToken');
  const encrypted = jsonText(answer.body, 'encryptedToken');
  if (plain === null || encrypted === null || !isEqualConstantTime(plain, challenge.code)) {
    const hint =
      'Answer with JSON: {"plainToken": "…", "encryptedToken": "…"}, with plainToken as in the request.';
    return notProven('challenge_body', hint);
  }
  const isProven = keys.some((key) =>
    isEqualConstantTime(encrypted.toLowerCase(), zoomResponse(key, challenge.code)),
  );
  if (isProven) return PROVEN;
  return notProven('challenge_signature', 'The encryptedToken is not hex(HMAC-SHA256(secret, plainToken)).');
}

export function zoomResponse(key: Buffer, token: string): string {
  return createHmac('sha256', key).update(token).digest('hex');
}
