import { membersOf, parsedJson, textOf } from '../json.js';
import { newEvent } from '../received-event.js';
import { emptyAnswer, headerOf, type IncomingRequest } from '../request.js';
import { answered, badSignature, brought, type Reading, type Sender } from '../sender.js';
import { signingKey } from '../verify/hmac.js';
import { TOLERANCE_SECONDS } from '../verify/timestamp.js';
import { badChallenge, echo } from './echo.js';
import { keysOf } from './secrets.js';

export interface TwitchOptions {
  readonly secrets: readonly string[];
}

const PREFIX = 'sha256=';

/** Twitch's shape: id, time and body are signed; a signed `webhook_callback_verification` is repeated. */
export function twitch({ secrets }: TwitchOptions): Sender {
  const keys = keysOf(secrets);
  return {
    name: 'twitch',
    read: (request, now) => {
      const [id = '', time = '', signature = ''] = ['id', 'timestamp', 'signature'].map((name) =>
        headerOf(request, `twitch-eventsub-message-${name}`),
      );
      const isNow = Math.abs(now.getTime() - Date.parse(time)) <= TOLERANCE_SECONDS * 1000;
      const question = { parts: [id, time, request.body], keys, encoding: 'hex' as const };
      if (!isNow || id === '' || !signature.startsWith(PREFIX)) return badSignature();
      if (!signingKey({ ...question, given: signature.slice(PREFIX.length) })) return badSignature();
      return contentRead(request, id);
    },
  };
}

function contentRead(request: IncomingRequest, id: string): Reading {
  const kind = headerOf(request, 'twitch-eventsub-message-type');
  const content = parsedJson(request.body);
  if (kind === 'webhook_callback_verification') {
    const code = textOf(content, 'challenge');
    return code === undefined ? badChallenge() : echo(code);
  }
  if (kind === 'revocation') return answered(emptyAnswer(204));
  const type = textOf(membersOf(content)['subscription'], 'type') ?? '';
  return brought([newEvent({ id, type, payload: request.body })]);
}
