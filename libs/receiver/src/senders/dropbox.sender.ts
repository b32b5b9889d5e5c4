import { queryOf } from '../request.js';
import type { Sender } from '../sender.js';
import { readBodySigned } from './body-hmac.js';
import { badChallenge, echo } from './echo.js';
import { keysOf } from './secrets.js';

export interface DropboxOptions {
  readonly secrets: readonly string[];
}

/** Dropbox' shape: a GET whose `challenge` is repeated, and `X-Dropbox-Signature` over the body. */
export function dropbox({ secrets }: DropboxOptions): Sender {
  const keys = keysOf(secrets);
  return {
    name: 'dropbox',
    read: (request) => {
      if (request.method !== 'GET') {
        return readBodySigned(request, { header: 'x-dropbox-signature', encoding: 'hex', keys });
      }
      const code = queryOf(request).get('challenge');
      return code === null ? badChallenge() : echo(code);
    },
  };
}
