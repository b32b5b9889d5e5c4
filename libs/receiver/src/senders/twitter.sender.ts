import { jsonAnswer, queryOf } from '../request.js';
import { answered, type Reading, type Sender } from '../sender.js';
import { hmac } from '../verify/hmac.js';
import { readBodySigned } from './body-hmac.js';
import { badChallenge, isProvable } from './echo.js';
import { keysOf } from './secrets.js';

export interface TwitterOptions {
  readonly secrets: readonly [string, ...string[]];
}

/** X's shape: the consumer secret signs the body, and a token in a GET. Only a token that cannot be a body is signed. */
export function twitter({ secrets }: TwitterOptions): Sender {
  const keys = keysOf(secrets);
  const header = 'x-twitter-webhooks-signature';
  return {
    name: 'twitter',
    read: (request) => {
      if (request.method === 'GET') return prove(queryOf(request).get('crc_token'), keys[0]);
      return readBodySigned(request, { header, prefix: 'sha256=', encoding: 'base64', keys });
    },
  };
}

function prove(token: string | null, key: Buffer | undefined): Reading {
  if (!isProvable(token) || !key) return badChallenge();
  return answered(
    jsonAnswer({ response_token: `sha256=${hmac(key, { parts: [token], encoding: 'base64' })}` }),
  );
}
