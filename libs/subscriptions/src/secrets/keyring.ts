import { Logger } from '@nestjs/common';

/** Only for a shared development database without BELLHOP_SECRET_KEYS; production refuses to start without keys. */
const DEVELOPMENT_KEY = { id: 'development', bytes: Buffer.alloc(32, 'bellhop development key') };

export interface KeyringEntry {
  readonly id: string;
  readonly bytes: Buffer;
}

/** The keys of `id:base64[,…]`; the first one encrypts, all of them decrypt. */
export function parseKeyring(text: string | null): readonly [KeyringEntry, ...KeyringEntry[]] {
  if (text === null) {
    new Logger('SecretBox').warn(
      'BELLHOP_SECRET_KEYS is not set: secrets are encrypted with the development key.',
    );
    return [DEVELOPMENT_KEY];
  }
  const [first, ...others] = text.split(',').map(parseEntry);
  if (!first) throw new Error('the keyring is empty');
  return [first, ...others];
}

function parseEntry(entry: string): KeyringEntry {
  const [id = '', encoded = ''] = entry.split(':');
  const bytes = Buffer.from(encoded, 'base64');
  if (id === '' || bytes.length !== 32) throw new Error('a key of the keyring is not id:base64-of-32-bytes');
  return { id, bytes };
}
