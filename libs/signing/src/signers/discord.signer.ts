import { asymmetricSecret, keyPairOf, parsePublicKey } from '../secrets/asymmetric-secret.js';
import { signEd25519, verifyEd25519 } from '../secrets/ed25519.js';
import { isFresh, type Signer, type Verification } from './signer.js';

/** ed25519 over timestamp and body, both and the public key in hexadecimal digits on the receiver's side. */
export const discordSigner: Signer = {
  name: 'discord',
  secret: asymmetricSecret,
  verificationKey: (text) => (/^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : parsePublicKey(text)),
  headers: ({ timestamp, body, keys: [key] }) => ({
    'X-Signature-Timestamp': String(timestamp),
    ...(key && { 'X-Signature-Ed25519': sign(key, String(timestamp), body) }),
  }),
  verify,
};

function sign(key: Buffer, timestamp: string, body: Buffer): string {
  return signEd25519(keyPairOf(key).seed, Buffer.concat([Buffer.from(timestamp), body])).toString('hex');
}

function verify(input: Verification): boolean {
  const { headers, body } = input.request;
  const timestamp = headers['x-signature-timestamp'] ?? '';
  if (!/^\d{1,15}$/.test(timestamp) || !isFresh(Number(timestamp), input)) return false;
  const signature = Buffer.from(headers['x-signature-ed25519'] ?? '', 'hex');
  const message = Buffer.concat([Buffer.from(timestamp), body]);
  return input.keys.some((key) => verifyEd25519(key, message, signature));
}
