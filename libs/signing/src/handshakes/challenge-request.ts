import { randomBytes } from 'node:crypto';
import { newId } from '#libs/kernel';
import type { Challenge } from './handshake.js';

/** A fresh challenge for a subscription (`sub_…`). */
export function newChallenge(subscriptionId: string, timestamp: Date): Challenge {
  const id = `msg_${newId().replaceAll('-', '')}`;
  return { id, subscriptionId, code: randomBytes(16).toString('base64url'), timestamp };
}

/** The bytes of the request that puts a challenge. */
export function challengeBody({ subscriptionId, code, timestamp }: Challenge): Buffer {
  const data = { subscription_id: subscriptionId, challenge: code };
  return Buffer.from(JSON.stringify({ type: 'webhook.challenge', timestamp: timestamp.toISOString(), data }));
}
