import { type ChallengeAnswer, notProven, type ProofVerdict } from './handshake.js';

/** Bytes of an answer. A proof needs about 100; more would make the challenge a way to fetch other people's pages. */
export const MAX_PROOF_BYTES = 512;

/** Why the body cannot hold a proof at all, or null. */
export function bodyFault(answer: ChallengeAnswer): ProofVerdict | null {
  if (answer.isTruncated || answer.body.length > MAX_PROOF_BYTES) {
    const hint = `The answer is longer than ${MAX_PROOF_BYTES} bytes. Answer with the proof alone.`;
    return notProven('challenge_too_large', hint);
  }
  if (answer.body.length === 0) {
    return notProven(
      'challenge_body',
      'The answer was empty. Answer the request of type webhook.challenge in its body.',
    );
  }
  return null;
}

/** The body as a JSON object, or null. */
export function jsonObject(body: Buffer): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
