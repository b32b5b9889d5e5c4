import { hmacSha256 } from './hmac-sha256.js';
import type { SignatureInput, Signer } from './signer.js';

/** What the signature stands for. */
type Signed = Pick<SignatureInput, 'id' | 'timestamp' | 'body' | 'keys'>;

/** The value of `webhook-signature`: one `v1` per key in the order given, one space between (Python splits on it). */
export function signStandard(input: Signed): string {
  const head = `${input.id}.${input.timestamp}.`;
  const { keys, body } = input;
  let value = '';
  for (const key of keys) value += `${value === '' ? '' : ' '}v1,${hmacSha256(key, head, body, 'base64')}`;
  return value;
}

/** Standard Webhooks 1.0.0, symmetric: `webhook-id`, `webhook-timestamp`, `webhook-signature`. */
export const standardSigner: Signer = {
  headers: (input) => ({
    'webhook-id': input.id,
    'webhook-timestamp': String(input.timestamp),
    'webhook-signature': signStandard(input),
  }),
};
