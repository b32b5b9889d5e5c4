import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** What stands before the 32 bytes of an ed25519 key in PKCS #8 and in SPKI. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

const privateKeys = new WeakMap<Buffer, KeyObject>();
const publicKeys = new WeakMap<Buffer, KeyObject>();

/** The signature by the key of this seed (32 bytes). */
export function signEd25519(seed: Buffer, message: Buffer): Buffer {
  return sign(null, message, privateKeyOf(seed));
}

/** Whether the holder of this public key (32 bytes) signed; false for a signature of any other shape. */
export function verifyEd25519(publicKey: Buffer, message: Buffer, signature: Buffer): boolean {
  return (
    signature.length === 64 && verify(null, message, keptKey(publicKeys, publicKey, readPublicKey), signature)
  );
}

/** The 32 bytes of the public key that belongs to a seed. */
export function ed25519PublicKey(seed: Buffer): Buffer {
  return createPublicKey(privateKeyOf(seed)).export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
}

function privateKeyOf(seed: Buffer): KeyObject {
  return keptKey(privateKeys, seed, readPrivateKey);
}

/** Reading a key costs as much as signing with it. */
function keptKey(
  kept: WeakMap<Buffer, KeyObject>,
  bytes: Buffer,
  read: (bytes: Buffer) => KeyObject,
): KeyObject {
  const known = kept.get(bytes);
  if (known !== undefined) return known;
  const key = read(bytes);
  kept.set(bytes, key);
  return key;
}

function readPrivateKey(seed: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
}

function readPublicKey(bytes: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI, bytes]), format: 'der', type: 'spki' });
}
