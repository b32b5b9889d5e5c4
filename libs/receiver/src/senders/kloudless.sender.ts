import { randomUUID } from 'node:crypto';
import { newEvent } from '../received-event.js';
import { headerOf, textAnswer } from '../request.js';
import { answered, badSignature, brought, refused, type Sender } from '../sender.js';
import { signingKey } from '../verify/hmac.js';
import { keysOf } from './secrets.js';

export interface KloudlessOptions {
  /** The API keys of the application; they sign. */
  readonly apiKeys: readonly string[];
  /** The whole answer, to the test when the URL is saved and to every notification. */
  readonly applicationId: string;
}

/**
 * Kloudless' shape: `account=N`, which says only that something happened there; what happened is fetched. The account
 * is the key, so one account is worked on by one worker. Notifications have no id, so none is a repetition.
 */
export function kloudless({ apiKeys, applicationId }: KloudlessOptions): Sender {
  const keys = keysOf(apiKeys);
  const answer = textAnswer(applicationId);
  return {
    name: 'kloudless',
    read: (request) => {
      const given = headerOf(request, 'x-kloudless-signature') ?? '';
      const { body } = request;
      if (!signingKey({ given, parts: [body], keys, encoding: 'base64' })) return badSignature();
      if (body.length === 0) return answered(answer);
      const account = new URLSearchParams(body.toString()).get('account') ?? '';
      if (!/^\d{1,20}$/.test(account)) return refused('The notification names no account.', 400);
      const event = newEvent({ id: randomUUID(), type: 'account.changed', key: account, payload: body });
      return brought([event], answer);
    },
  };
}
