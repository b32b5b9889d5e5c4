import { parsedJson, textOf } from '../json.js';
import { newEvent } from '../received-event.js';
import { headerOf, type IncomingRequest } from '../request.js';
import { badSignature, brought, refused, type Sender } from '../sender.js';
import { type StandardKeys, StandardVerifier } from '../verify/standard.js';
import { answerOwn, ownChallenge } from './own-challenge.js';

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
      const question = ownChallenge(request.body);
      if (question !== undefined) return answerOwn(question, proof.key);
      const type = textOf(parsedJson(request.body), 'type') ?? '';
      return brought([newEvent({ id: proof.id, type, payload: request.body })]);
    },
  };
}

function isUnsigned(request: IncomingRequest): boolean {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  return names.some((name) => headerOf(request, name) === undefined);
}
