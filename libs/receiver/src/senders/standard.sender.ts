import { challengeResponse } from '#libs/signing';
import { membersOf, parsedJson, textOf } from '../json.js';
import { newEvent } from '../received-event.js';
import { headerOf, type IncomingRequest, jsonAnswer } from '../request.js';
import { answered, badSignature, brought, type Reading, refused, type Sender } from '../sender.js';
import { type StandardKeys, StandardVerifier } from '../verify/standard.js';
import { badChallenge, isProvable } from './echo.js';

/**
 * Standard Webhooks with Bellhop's challenge. Only a signed challenge is answered: with the proof of the secret, and
 * with the code itself, so that the handshakes `hmac` and `echo` both pass.
 */
export function standard(keys: StandardKeys): Sender {
  const verifier = new StandardVerifier(keys);
  return {
    name: 'standard',
    read: (request, now) => {
      if (isUnsigned(request)) {
        return refused('The request has no webhook-id, webhook-timestamp and webhook-signature.');
      }
      const proof = verifier.proof(request, now);
      if (proof === null) return badSignature();
      const content = parsedJson(request.body);
      const type = textOf(content, 'type') ?? '';
      if (type === 'webhook.challenge') return prove(proof.key, membersOf(content)['data']);
      return brought([newEvent({ id: proof.id, type, payload: request.body })]);
    },
  };
}

function isUnsigned(request: IncomingRequest): boolean {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  return names.some((name) => headerOf(request, name) === undefined);
}

function prove(key: Buffer | null, data: unknown): Reading {
  const [subscription, challenge] = [textOf(data, 'subscription_id'), textOf(data, 'challenge')];
  if (subscription === undefined || !isProvable(challenge)) return badChallenge();
  const proof = key === null ? {} : { response: challengeResponse(key, subscription, challenge) };
  return answered(jsonAnswer({ challenge, ...proof }));
}
