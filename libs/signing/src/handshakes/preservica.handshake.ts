import { createHmac } from 'node:crypto';
import { isEqualConstantTime } from '../constant-time.js';
import { jsonText } from './answer-body.js';
import {
  defineHandshake,
  MAX_FOREIGN_PROOF_BYTES,
  notProven,
  type ProofInput,
  PROVEN,
  type ProofVerdict,
} from './handshake.js';
import { NO_BODY, withQuery } from './request-parts.js';

/**
 * Preservica: an empty POST with the code in the query; the receiver answers with the code and its HMAC in hex. The
 * request is not signed, and the HMAC covers the bare code: a receiver that signs any code offered to it can be made
 * to sign a delivery, so the code is ours alone.
 */
export const preservicaHandshake = defineHandshake({
  name: 'preservica',
  maxAnswerBytes: MAX_FOREIGN_PROOF_BYTES,
  takes: (status) => status === 200,
  request: ({ url, challenge }) => ({
    method: 'POST',
    url: withQuery(url, { challengeCode: challenge.code }),
    headers: {},
    body: NO_BODY,
  }),
  judge,
});

function judge({ answer, challenge, keys }: ProofInput): ProofVerdict {
  const code = jsonText(answer.body, 'challengeCode');
  const response = jsonText(answer.body, 'challengeResponse');
  if (code === null || response === null) {
    return notProven(
      'challenge_body',
      'Answer with JSON: {"challengeCode": "…", "challengeResponse": "…"}, both from the parameter challengeCode.',
    );
  }
  if (!isEqualConstantTime(code, challenge.code)) {
    return notProven(
      'challenge_body',
      'The answer belongs to another challengeCode than the one in the URL.',
    );
  }
  const isProven = keys.some((key) =>
    isEqualConstantTime(response.toLowerCase(), preservicaResponse(key, challenge.code)),
  );
  return isProven ? PROVEN : notProven('challenge_signature', SIGNATURE_HINT);
}

const SIGNATURE_HINT =
  'The challengeResponse is not the expected HMAC. Compute hex(HMAC-SHA256(secret, challengeCode)).';

/** The proof for a code; the key is the secret in latin-1. */
export function preservicaResponse(key: Buffer, code: string): string {
  return createHmac('sha256', key).update(code, 'latin1').digest('hex');
}
