import { asymmetricSecret, keyPairOf, parsePublicKey } from '../secrets/asymmetric-secret.js';
import { signEd25519, verifyEd25519 } from '../secrets/ed25519.js';
import { isFresh, type SignatureInput, type Signer, type Verification } from './signer.js';
import { signStandard, standardParts } from './standard.signer.js';

/**
 * Standard Webhooks 1.0.0, asymmetric: `v1a` by ed25519, which receivers verify with the public key. If the secret also
 * holds a shared key, `v1` goes before it, for receivers that know only that.
 */
export const asymmetricSigner: Signer = {
  name: 'standard-asymmetric',
  secret: asymmetricSecret,
  verificationKey: parsePublicKey,
  headers: (input) => ({
    'webhook-id': input.id,
    'webhook-timestamp': String(input.timestamp),
    'webhook-signature': signBoth(input),
  }),
  verify,
};

/** One `v1a` for each seed. */
export function signAsymmetric(
  input: Pick<SignatureInput, 'id' | 'timestamp' | 'body'>,
  seeds: readonly Buffer[],
): string {
  const message = messageOf(input);
  return seeds.map((seed) => `v1a,${signEd25519(seed, message).toString('base64')}`).join(' ');
}

function signBoth(input: SignatureInput): string {
  const pairs = input.keys.map(keyPairOf);
  const shared = pairs.map((pair) => pair.shared).filter((key) => key.length > 0);
  const asymmetric = signAsymmetric(
    input,
    pairs.map(({ seed }) => seed),
  );
  const symmetric = signStandard({ ...input, keys: shared });
  return symmetric === '' ? asymmetric : `${symmetric} ${asymmetric}`;
}

function verify(input: Verification): boolean {
  const { id, timestamp, body, signature, keys } = standardParts(input);
  if (!isFresh(timestamp, input)) return false;
  const message = messageOf({ id, timestamp, body });
  const offered = signature.split(' ').filter((token) => token.startsWith('v1a,'));
  return offered.some((token) => {
    const bytes = Buffer.from(token.slice(4), 'base64');
    return keys.some((key) => verifyEd25519(key, message, bytes));
  });
}

function messageOf({ id, timestamp, body }: Pick<SignatureInput, 'id' | 'timestamp' | 'body'>): Buffer {
  return Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
}
