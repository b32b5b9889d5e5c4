import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';

/** What stands before the 32 bytes of an ed25519 key in PKCS #8 and in SPKI. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

const privateKeys = new WeakMap<Buffer, KeyObject>();

/** The signature by the key of this seed (32 bytes). */
export function signEd25519(seed: Buffer, message: Buffer): Buffer {
  return sign(null, message, privateKeyOf(seed));
}

/** The 32 bytes of the public key that belongs to a seed. */
export function ed25519PublicKey(seed: Buffer): Buffer {
  return createPublicKey(privateKeyOf(seed)).export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
}

/** Reading a key costs as much as signing with it. */
function privateKeyOf(seed: Buffer): KeyObject {
  const known = privateKeys.get(seed);
  if (known !== undefined) return known;
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  privateKeys.set(seed, key);
  return key;
}
