import { membersOf, parsedJson, textOf } from '../json.js';
import { digestOf, newEvent } from '../received-event.js';
import { badSignature, brought, type Sender } from '../sender.js';
import { badChallenge, echo } from './echo.js';
import { keysOf } from './secrets.js';
import { isSignedV0 } from './timed-v0.js';

export interface SlackOptions {
  readonly secrets: readonly string[];
  readonly toleranceSeconds?: number;
}

/** Slack's shape: signed `v0=` headers, and a signed `url_verification` whose code is repeated. */
export function slack({ secrets, toleranceSeconds }: SlackOptions): Sender {
  const expected = {
    timeHeader: 'x-slack-request-timestamp',
    signatureHeader: 'x-slack-signature',
    keys: keysOf(secrets),
    toleranceSeconds,
  };
  return {
    name: 'slack',
    read: (request, now) => {
      if (!isSignedV0(request, { ...expected, now })) return badSignature();
      const content = parsedJson(request.body);
      if (textOf(content, 'type') === 'url_verification') {
        const code = textOf(content, 'challenge');
        return code === undefined ? badChallenge() : echo(code);
      }
      const type = textOf(membersOf(content)['event'], 'type') ?? textOf(content, 'type') ?? '';
      const id = textOf(content, 'event_id') ?? digestOf(request.body);
      return brought([newEvent({ id, type, payload: request.body })]);
    },
  };
}
