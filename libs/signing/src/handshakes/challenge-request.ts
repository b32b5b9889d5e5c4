import { newId } from '#libs/kernel';
import { type Challenge, type HandshakeRequest, type Question, randomCode } from './handshake.js';
import { signedJson } from './request-parts.js';

/** A fresh challenge for a subscription (`sub_…`). */
export function newChallenge(subscriptionId: string, timestamp: Date, newCode = randomCode): Challenge {
  return { id: `msg_${newId().replaceAll('-', '')}`, subscriptionId, code: newCode(), timestamp };
}

/** The request of our own handshakes: signed like a delivery, so that the receiver can verify us first. */
export function nativeRequest(question: Question): HandshakeRequest {
  const { subscriptionId, code, timestamp } = question.challenge;
  const data = { subscription_id: subscriptionId, challenge: code };
  return signedJson(question, { type: 'webhook.challenge', timestamp: timestamp.toISOString(), data });
}
