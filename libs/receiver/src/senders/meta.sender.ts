import { isEqualConstantTime } from '#libs/signing';
import { queryOf } from '../request.js';
import { type Reading, refused, type Sender } from '../sender.js';
import { readBodySigned } from './body-hmac.js';
import { badChallenge, echo } from './echo.js';
import { keysOf } from './secrets.js';

export interface MetaOptions {
  readonly secrets: readonly string[];
  readonly verifyToken: string;
}

/** Meta's shape: a GET with the verify token, and `X-Hub-Signature-256` over the body. */
export function meta({ secrets, verifyToken }: MetaOptions): Sender {
  const signature = { header: 'x-hub-signature-256', prefix: 'sha256=', encoding: 'hex' as const };
  const keys = keysOf(secrets);
  return {
    name: 'meta',
    read: (request) => {
      if (request.method === 'GET') return verification(queryOf(request), verifyToken);
      return readBodySigned(request, { ...signature, keys });
    },
  };
}

function verification(query: URLSearchParams, verifyToken: string): Reading {
  const code = query.get('hub.challenge');
  if (!isEqualConstantTime(query.get('hub.verify_token') ?? '', verifyToken))
    return refused('Wrong verify token.', 403);
  return query.get('hub.mode') === 'subscribe' && code !== null ? echo(code) : badChallenge();
}
