import { newId } from '#libs/kernel';
import { type Challenge, type HandshakeRequest, type Question, randomCode } from './handshake.js';
import { signedJson } from './request-parts.js';

/** A fresh challenge for a subscription (`sub_…`). */
export function newChallenge(subscriptionId: string, timestamp: Date, newCode = randomCode): Challenge {
  return { id: `msg_${newId().replaceAll('-', '')}`, subscriptionId, code: newCode(), timestamp };
}

/** The bytes of the request that puts a challenge of ours. */
export function challengeBody(challenge: Challenge): Buffer {
  return Buffer.from(JSON.stringify(contentOf(challenge)));
}

/** The request of our own handshakes: signed like a delivery, so that the receiver can verify us first. */
export function nativeRequest(question: Question): HandshakeRequest {
  return signedJson(question, contentOf(question.challenge));
}

function contentOf({ subscriptionId, code, timestamp }: Challenge): object {
  const data = { subscription_id: subscriptionId, challenge: code };
  return { type: 'webhook.challenge', timestamp: timestamp.toISOString(), data };
}
