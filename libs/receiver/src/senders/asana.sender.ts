import { isEqualConstantTime } from '#libs/signing';
import { emptyAnswer, headerOf } from '../request.js';
import { answered, refused, type Sender } from '../sender.js';
import { readBodySigned } from './body-hmac.js';

export interface AsanaOptions {
  /** The secret that was learned before, if there is one. */
  readonly secret?: string;
  /** Called once with the secret that the sender chose; keep it and give it as `secret` from then on. */
  readonly learned: (secret: string) => void;
}

/**
 * Asana's shape: the sender chooses the secret and says it in the first request. Only while none is known is it
 * believed: else anybody could replace it. Make the receiver known to nobody before it is subscribed.
 */
export function asana({ secret, learned }: AsanaOptions): Sender {
  let known = secret;
  return {
    name: 'asana',
    read: (request) => {
      const offered = headerOf(request, 'x-hook-secret');
      if (offered === undefined) {
        const keys = known === undefined ? [] : [Buffer.from(known)];
        return readBodySigned(request, { header: 'x-hook-signature', encoding: 'hex', keys });
      }
      if (!/^[\x21-\x7e]{16,256}$/.test(offered)) return refused('The secret is no secret.', 400);
      if (known !== undefined && !isEqualConstantTime(offered, known))
        return refused('The secret is known already.', 403);
      if (known === undefined) learned((known = offered));
      return answered(emptyAnswer(204, { 'x-hook-secret': offered }));
    },
  };
}
