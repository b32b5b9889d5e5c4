import { hmacSha256 } from './hmac-sha256.js';
import type { SignatureInput, Signer } from './signer.js';

/** `Stripe-Signature: t=…,v1=…`, one `v1` for each live secret; the key is the whole text of a secret. */
export const stripeSigner: Signer = {
  headers: (input) => ({ 'Stripe-Signature': signStripe(input) }),
};

/** The value of the header. */
function signStripe({ timestamp, body, keys }: Pick<SignatureInput, 'timestamp' | 'body' | 'keys'>): string {
  const signatures = keys.map((key) => `v1=${hmacSha256(key, `${timestamp}.`, body, 'hex')}`);
  return [`t=${timestamp}`, ...signatures].join(',');
}
