import { isEqualConstantTime } from '#libs/signing';
import { membersOf, parsedJson, textOf } from '../json.js';
import { digestOf, newEvent } from '../received-event.js';
import { emptyAnswer, type IncomingRequest, queryOf } from '../request.js';
import { badSignature, brought, type Reading, type Sender } from '../sender.js';
import { echo } from './echo.js';

export interface MsGraphOptions {
  /** Chosen when subscribing; every notification carries it. */
  readonly clientState: string;
}

/** Microsoft Graph's shape: `validationToken` is repeated; notifications prove themselves by their client state. */
export function msGraph({ clientState }: MsGraphOptions): Sender {
  if (clientState === '') throw new TypeError('The client state may not be empty.');
  return {
    name: 'msgraph',
    read: (request) => {
      const token = queryOf(request).get('validationToken');
      return token === null ? notifications(request, clientState) : echo(token);
    },
  };
}

function notifications({ body }: IncomingRequest, clientState: string): Reading {
  const { value } = membersOf(parsedJson(body));
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const isOurs = (item: unknown): boolean =>
    isEqualConstantTime(textOf(item, 'clientState') ?? '', clientState);
  if (items.length === 0 || !items.every(isOurs)) return badSignature();
  const events = items.map((item) => {
    const payload = Buffer.from(JSON.stringify(item));
    return newEvent({ id: digestOf(payload), type: textOf(item, 'changeType') ?? '', payload });
  });
  return brought(events, emptyAnswer(202));
}
