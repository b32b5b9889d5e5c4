import { createHmac } from 'node:crypto';
import { isEqualConstantTime } from '../constant-time.js';
import { jsonText } from './answer-body.js';
import { nativeRequest } from './challenge-request.js';
import { defineHandshake, notProven, type ProofInput, PROVEN, type ProofVerdict } from './handshake.js';

/**
 * The proof for a challenge. The label in front keeps it apart from every signature of a delivery (those begin with
 * an id and a dot), so that neither can ever be passed off as the other.
 */
export function challengeResponse(key: Buffer, subscriptionId: string, code: string): string {
  return createHmac('sha256', key)
    .update(`webhook-challenge.v1\n${subscriptionId}\n${code}`)
    .digest('base64');
}

/** The receiver proves that it holds the secret: `{"challenge": code, "response": base64 HMAC}`. */
export const hmacHandshake = defineHandshake({ name: 'hmac', request: nativeRequest, judge });

function judge(input: ProofInput): ProofVerdict {
  const code = jsonText(input.answer.body, 'challenge');
  const response = jsonText(input.answer.body, 'response');
  if (code === null || response === null) {
    return notProven('challenge_body', 'Answer with JSON: {"challenge": "…", "response": "…"}.');
  }
  if (!isEqualConstantTime(code, input.challenge.code)) {
    return notProven(
      'challenge_body',
      'The answer belongs to another challenge. Answer with data.challenge of this request.',
    );
  }
  return isSigned(input, response) ? PROVEN : notProven('challenge_signature', SIGNATURE_HINT);
}

const SIGNATURE_HINT =
  'The response is not the expected HMAC. Compute base64(HMAC-SHA256(key, "webhook-challenge.v1\\n" + ' +
  'data.subscription_id + "\\n" + data.challenge)), where the key is the secret after whsec_, base64-decoded.';

function isSigned({ challenge, keys }: ProofInput, response: string): boolean {
  return keys.some((key) =>
    isEqualConstantTime(response, challengeResponse(key, challenge.subscriptionId, challenge.code)),
  );
}
