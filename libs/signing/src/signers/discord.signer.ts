import { keyPairOf } from '../secrets/asymmetric-secret.js';
import { signEd25519 } from '../secrets/ed25519.js';
import type { Signer } from './signer.js';

/** ed25519 over timestamp and body, both and the public key in hexadecimal digits on the receiver's side. */
export const discordSigner: Signer = {
  headers: ({ timestamp, body, keys: [key] }) => ({
    'X-Signature-Timestamp': String(timestamp),
    ...(key && { 'X-Signature-Ed25519': sign(key, String(timestamp), body) }),
  }),
};

function sign(key: Buffer, timestamp: string, body: Buffer): string {
  return signEd25519(keyPairOf(key).seed, Buffer.concat([Buffer.from(timestamp), body])).toString('hex');
}
