import { uuidv7 } from 'uuidv7';

/** Prefix of every public id. Inside the database the same ids are plain UUIDs. */
export const ID_PREFIX = {
  event: 'evt',
  subscription: 'sub',
  delivery: 'dlv',
  tenant: 'ten',
  apiKey: 'key',
  entry: 'ent',
} as const;
export type IdPrefix = (typeof ID_PREFIX)[keyof typeof ID_PREFIX];

/** The tenant that exists from the first start; the guestbook publishes as it. */
export const DEFAULT_TENANT_ID = '01900000-0000-7000-8000-000000000001';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const VALUE_OF = new Map(Array.from(ALPHABET).map((letter, value) => [letter, BigInt(value)]));

/** A new UUIDv7: time-ordered, so that an index on it grows at one end (13× less WAL than random keys). */
export function newId(): string {
  return uuidv7();
}

/** The TypeID (https://github.com/jetify-com/typeid) of a UUID: `evt_01h455vb4pex5vsknk084sn02q`. */
export function toTypeId(prefix: IdPrefix, uuid: string): string {
  // 26 letters of 5 bits hold 130: the first letter carries the 3 highest bits. Small numbers, since every delivery's
  // id passes here and big integers cost ten times as much.
  const hex = uuid.replaceAll('-', '');
  let text = `${prefix}_`;
  let bits = 2;
  let value = 0;
  for (let index = 0; index < 32; index += 1) {
    value = ((value << 4) | Number.parseInt(hex.charAt(index), 16)) & 0x1ff;
    bits += 4;
    if (bits < 5) continue;
    bits -= 5;
    text += ALPHABET.charAt((value >> bits) & 31);
  }
  return text;
}

/** The UUID in a TypeID, or null if it is not one of this prefix; never throws on a caller's text. */
export function fromTypeId(prefix: IdPrefix, text: string): string | null {
  if (text.length !== prefix.length + 27 || !text.startsWith(`${prefix}_`)) return null;
  let value = 0n;
  for (const letter of text.slice(prefix.length + 1)) {
    const digit = VALUE_OF.get(letter);
    if (digit === undefined) return null;
    value = (value << 5n) | digit;
  }
  if (value >> 128n !== 0n) return null;
  const hex = value.toString(16).padStart(32, '0');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
