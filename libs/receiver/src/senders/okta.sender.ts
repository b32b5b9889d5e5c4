import { isEqualConstantTime } from '#libs/signing';
import { parsedJson, textOf } from '../json.js';
import { digestOf, newEvent } from '../received-event.js';
import { headerOf, jsonAnswer } from '../request.js';
import { badSignature, brought, type Sender } from '../sender.js';
import { badChallenge, echo } from './echo.js';

export interface OktaOptions {
  /** The value of the header `Authorization` that was set when subscribing. */
  readonly authorization: string;
}

/** Okta's shape: a GET whose header is repeated, and a fixed `Authorization` on deliveries. */
export function okta({ authorization }: OktaOptions): Sender {
  if (authorization === '') throw new TypeError('The authorization may not be empty.');
  return {
    name: 'okta',
    read: (request) => {
      if (request.method === 'GET') {
        const code = headerOf(request, 'x-okta-verification-challenge');
        return code === undefined ? badChallenge() : echo(code, (text) => jsonAnswer({ verification: text }));
      }
      if (!isEqualConstantTime(headerOf(request, 'authorization') ?? '', authorization))
        return badSignature();
      const content = parsedJson(request.body);
      const id = textOf(content, 'eventId') ?? digestOf(request.body);
      return brought([newEvent({ id, type: textOf(content, 'eventType') ?? '', payload: request.body })]);
    },
  };
}
