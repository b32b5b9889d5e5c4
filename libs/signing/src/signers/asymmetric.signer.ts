import { keyPairOf } from '../secrets/asymmetric-secret.js';
import { signEd25519 } from '../secrets/ed25519.js';
import type { SignatureInput, Signer } from './signer.js';
import { signStandard } from './standard.signer.js';

/**
 * Standard Webhooks 1.0.0, asymmetric: `v1a` by ed25519, which receivers verify with the public key. If the secret also
 * holds a shared key, `v1` goes before it, for receivers that know only that.
 */
export const asymmetricSigner: Signer = {
  headers: (input) => ({
    'webhook-id': input.id,
    'webhook-timestamp': String(input.timestamp),
    'webhook-signature': signBoth(input),
  }),
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

function messageOf({ id, timestamp, body }: Pick<SignatureInput, 'id' | 'timestamp' | 'body'>): Buffer {
  return Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
}
