import { parsedJson, textOf } from '../json.js';
import { digestOf, newEvent } from '../received-event.js';
import { headerOf } from '../request.js';
import { badSignature, brought, type Sender } from '../sender.js';
import { signingKey } from '../verify/hmac.js';
import { isRecent } from '../verify/timestamp.js';
import { answerOwn, ownChallenge } from './own-challenge.js';
import { keysOf } from './secrets.js';

export interface StripeOptions {
  /** The whole `whsec_…` text is the key. */
  readonly secrets: readonly string[];
  readonly toleranceSeconds?: number;
}

/** Stripe's shape: `Stripe-Signature: t=…,v1=…[,v1=…]` over time, dot and body. Our question, signed so, is no event. */
export function stripe({ secrets, toleranceSeconds }: StripeOptions): Sender {
  const keys = keysOf(secrets);
  return {
    name: 'stripe',
    read: (request, now) => {
      const fields = fieldsOf(headerOf(request, 'stripe-signature') ?? '');
      const [time] = fields.get('t') ?? [];
      if (time === undefined || !isRecent(time, now, toleranceSeconds)) return badSignature();
      const given = fields.get('v1') ?? [];
      const parts = [`${time}.`, request.body];
      if (!signingKey({ given, parts, keys, encoding: 'hex' })) return badSignature();
      const asked = ownChallenge(request.body);
      if (asked !== undefined) return answerOwn(asked, null);
      const event = parsedJson(request.body);
      const id = textOf(event, 'id') ?? digestOf(request.body);
      return brought([newEvent({ id, type: textOf(event, 'type') ?? '', payload: request.body })]);
    },
  };
}

function fieldsOf(header: string): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const part of header.slice(0, 4096).split(',')) {
    const [name = '', value = ''] = part.trim().split(/=(.*)/s);
    fields.set(name, [...(fields.get(name) ?? []), value]);
  }
  return fields;
}
