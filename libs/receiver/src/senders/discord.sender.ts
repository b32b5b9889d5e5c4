import { membersOf, parsedJson, textOf } from '../json.js';
import { digestOf, newEvent } from '../received-event.js';
import { emptyAnswer, headerOf } from '../request.js';
import { answered, badSignature, brought, type Sender } from '../sender.js';
import { isSignedByOneOf, publicKeyOf } from '../verify/ed25519.js';
import { isRecent } from '../verify/timestamp.js';

export interface DiscordOptions {
  /** `whpk_…`, or 64 hexadecimal digits. */
  readonly publicKeys: readonly [string, ...string[]];
  readonly toleranceSeconds?: number;
}

const PING = 0;

/** Discord's shape: ed25519 over time and body; a signed ping is answered 204, a wrong signature 401. */
export function discord({ publicKeys, toleranceSeconds }: DiscordOptions): Sender {
  const keys = publicKeys.map((key) => publicKeyOf(asText(key)));
  return {
    name: 'discord',
    read: (request, now) => {
      const time = headerOf(request, 'x-signature-timestamp') ?? '';
      const message = Buffer.concat([Buffer.from(time), request.body]);
      const signature = Buffer.from(headerOf(request, 'x-signature-ed25519') ?? '', 'hex').toString('base64');
      const isSigned = isRecent(time, now, toleranceSeconds) && isSignedByOneOf(keys, message, signature);
      if (!isSigned) return badSignature();
      const content = parsedJson(request.body);
      if (membersOf(content)['type'] === PING) return answered(emptyAnswer(204));
      const type = textOf(content, 'type') ?? '';
      return brought([newEvent({ id: digestOf(request.body), type, payload: request.body })]);
    },
  };
}

function asText(key: string): string {
  return /^[0-9a-f]{64}$/i.test(key) ? `whpk_${Buffer.from(key, 'hex').toString('base64')}` : key;
}
