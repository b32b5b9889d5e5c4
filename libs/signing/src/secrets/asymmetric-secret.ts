import { randomBytes } from 'node:crypto';
import { ed25519PublicKey } from './ed25519.js';
import { invalidSecret, type SecretFormat } from './secret-format.js';
import { decodeBase64, newSecret, parseSecret } from './standard-secret.js';

const PRIVATE = 'whsk_';
const PUBLIC = 'whpk_';
const SEED_BYTES = 32;

/** The two keys of an asymmetric secret; `shared` is empty when receivers verify with the public key alone. */
export interface KeyPair {
  readonly seed: Buffer;
  readonly shared: Buffer;
}

const pairs = new WeakMap<Buffer, KeyPair>();

/**
 * `whsk_…` (an ed25519 key that stays here), or `whsec_… whsk_…`, of which receivers get the first half for the
 * symmetric signature. Read as one buffer: the seed, then the shared key.
 */
export const asymmetricSecret: SecretFormat = {
  generate: () => `${newSecret()} ${PRIVATE}${randomBytes(SEED_BYTES).toString('base64')}`,
  parse,
  share: (secret) =>
    secret.includes(' ') ? secret.slice(0, secret.indexOf(' ')) : publicKeyText(seedOf(secret)),
  publicKey: (secret) => publicKeyText(seedOf(secret.slice(secret.indexOf(' ') + 1))),
};

/** The two halves of what `parse` made. */
export function keyPairOf(key: Buffer): KeyPair {
  const known = pairs.get(key);
  if (known !== undefined) return known;
  const pair = { seed: key.subarray(0, SEED_BYTES), shared: key.subarray(SEED_BYTES) };
  pairs.set(key, pair);
  return pair;
}

/** The public key of a seed as receivers configure it: `whpk_…`. */
export function publicKeyText(seed: Buffer): string {
  return PUBLIC + ed25519PublicKey(seed).toString('base64');
}

function parse(secret: string): Buffer {
  const [first = '', second, ...rest] = secret.split(' ');
  if (second === undefined) return Buffer.from(seedOf(first));
  if (rest.length > 0) throw malformed();
  return Buffer.concat([seedOf(second), parseSecret(first)]);
}

/** 32 bytes of seed; 64 are the seed and its public key, as Svix writes them. */
function seedOf(text: string): Buffer {
  const bytes = text.startsWith(PRIVATE) ? decodeBase64(text.slice(PRIVATE.length), 64) : null;
  if (bytes?.length === SEED_BYTES) return bytes;
  if (bytes?.length !== 64) throw malformed();
  const seed = bytes.subarray(0, SEED_BYTES);
  if (!ed25519PublicKey(seed).equals(bytes.subarray(SEED_BYTES))) throw malformed();
  return seed;
}

function malformed(): Error {
  return invalidSecret(
    `must be ${PRIVATE} followed by an ed25519 key of 32 or 64 bytes in standard base64, with or without a whsec_ secret and a space before it`,
  );
}
