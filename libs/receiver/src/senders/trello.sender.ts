import { digestOf, newEvent } from '../received-event.js';
import { emptyAnswer, headerOf } from '../request.js';
import { answered, badSignature, brought, type Sender } from '../sender.js';
import { parsedJson, textOf } from '../json.js';
import { signingKey } from '../verify/hmac.js';
import { keysOf } from './secrets.js';

export interface TrelloOptions {
  readonly secrets: readonly string[];
  /** The URL to the letter as it was subscribed: it is signed. */
  readonly url: string;
}

/** Trello's shape: a HEAD that is answered 200, and `X-Trello-Webhook`, SHA-1 over body and URL. */
export function trello({ secrets, url }: TrelloOptions): Sender {
  const keys = keysOf(secrets);
  return {
    name: 'trello',
    read: (request) => {
      if (request.method === 'HEAD') return answered(emptyAnswer(200));
      const { body } = request;
      const given = headerOf(request, 'x-trello-webhook') ?? '';
      const question = { given, parts: [body, url], keys, encoding: 'base64', algorithm: 'sha1' } as const;
      if (!signingKey(question)) return badSignature();
      return brought([
        newEvent({ id: digestOf(body), type: textOf(parsedJson(body), 'type') ?? '', payload: body }),
      ]);
    },
  };
}
