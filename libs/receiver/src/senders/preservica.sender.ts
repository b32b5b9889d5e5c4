import { membersOf, parsedJson, textOf } from '../json.js';
import { digestOf, newEvent } from '../received-event.js';
import { type IncomingRequest, jsonAnswer, queryOf } from '../request.js';
import { answered, badSignature, brought, type Reading, type Sender } from '../sender.js';
import { hmac, signingKey } from '../verify/hmac.js';
import { headerOf } from '../request.js';
import { badChallenge, isProvable } from './echo.js';
import { keysOf } from './secrets.js';

export interface PreservicaOptions {
  readonly secrets: readonly [string, ...string[]];
}

const LABEL = 'preservica-webhook-auth';

/**
 * Preservica's shape. Its challenge asks for an HMAC of any code under the key that also signs events: whoever answers
 * every code signs forged events. So a code is answered only if it cannot be the beginning of a signed event.
 */
export function preservica({ secrets }: PreservicaOptions): Sender {
  const keys = keysOf(secrets, 'latin1');
  return {
    name: 'preservica',
    read: (request) => {
      const code = queryOf(request).get('challengeCode');
      if (code !== null) return prove(code, keys[0]);
      const given = headerOf(request, 'preservica-signature') ?? '';
      const isSigned = signingKey({ given, parts: [LABEL, request.body], keys, encoding: 'hex' });
      return isSigned ? brought([eventOf(request)]) : badSignature();
    },
  };
}

function prove(code: string, key: Buffer | undefined): Reading {
  if (!isProvable(code) || code.startsWith(LABEL) || !key) return badChallenge();
  const challengeResponse = hmac(key, { parts: [code], encoding: 'hex' });
  return answered(jsonAnswer({ challengeCode: code, challengeResponse }));
}

/** Subscription and time are the same at every attempt, and together differ for every event. */
function eventOf({ body }: IncomingRequest): ReturnType<typeof newEvent> {
  const content = membersOf(parsedJson(body));
  const [subscription, time] = [textOf(content, 'subscriptionId'), textOf(content, 'timestamp')];
  const isNamed = subscription !== undefined && time !== undefined;
  const id = isNamed ? `${subscription}_${time}` : digestOf(body);
  return newEvent({ id, type: textOf(content, 'trigger') ?? '', payload: body });
}
