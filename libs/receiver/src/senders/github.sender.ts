import { newEvent } from '../received-event.js';
import { emptyAnswer, headerOf } from '../request.js';
import { answered, badSignature, brought, refused, type Sender } from '../sender.js';
import { signingKey } from '../verify/hmac.js';
import { keysOf } from './secrets.js';

export interface GithubOptions {
  /** Each is used as it is written. */
  readonly secrets: readonly string[];
}

/** GitHub's shape: `X-Hub-Signature-256` over the body. The id is not signed, so a changed replay is a new event. */
export function github({ secrets }: GithubOptions): Sender {
  const keys = keysOf(secrets);
  return {
    name: 'github',
    read: (request) => {
      const signature = headerOf(request, 'x-hub-signature-256') ?? '';
      const given = signature.replace(/^sha256=/, '');
      if (given === signature || !signingKey({ given, parts: [request.body], keys, encoding: 'hex' })) {
        return badSignature();
      }
      const [id, type] = [headerOf(request, 'x-github-delivery'), headerOf(request, 'x-github-event')];
      if (!id || !type) return refused('X-GitHub-Delivery or X-GitHub-Event is missing.', 400);
      if (type === 'ping') return answered(emptyAnswer(204));
      return brought([newEvent({ id, type, payload: request.body })]);
    },
  };
}
