import { membersOf, parsedJson, textOf } from '../json.js';
import { digestOf, newEvent } from '../received-event.js';
import { jsonAnswer } from '../request.js';
import { answered, badSignature, brought, type Sender } from '../sender.js';
import { hmac } from '../verify/hmac.js';
import { badChallenge, isProvable } from './echo.js';
import { keysOf } from './secrets.js';
import { isSignedV0 } from './timed-v0.js';

export interface ZoomOptions {
  readonly secrets: readonly [string, ...string[]];
}

/** Zoom's shape: `v0=` headers; a signed `endpoint.url_validation` is answered with the HMAC of its plain token. */
export function zoom({ secrets }: ZoomOptions): Sender {
  const keys = keysOf(secrets);
  const headers = { timeHeader: 'x-zm-request-timestamp', signatureHeader: 'x-zm-signature' };
  return {
    name: 'zoom',
    read: (request, now) => {
      if (!isSignedV0(request, { ...headers, keys, now })) return badSignature();
      const content = parsedJson(request.body);
      const type = textOf(content, 'event') ?? '';
      if (type !== 'endpoint.url_validation') {
        return brought([newEvent({ id: digestOf(request.body), type, payload: request.body })]);
      }
      const plainToken = textOf(membersOf(content)['payload'], 'plainToken');
      const [key] = keys;
      if (!isProvable(plainToken) || !key) return badChallenge();
      const encryptedToken = hmac(key, { parts: [plainToken], encoding: 'hex' });
      return answered(jsonAnswer({ plainToken, encryptedToken }));
    },
  };
}
