import { createHmac } from 'node:crypto';
import { isEqualConstantTime } from '../constant-time.js';
import type { SignatureInput, Signer } from './signer.js';

/** Seconds that a signature's timestamp may lie beside the verifier's clock; the published libraries use the same. */
const TOLERANCE_SECONDS = 300;

export interface StandardVerification {
  readonly id: string;
  readonly timestamp: number;
  readonly body: Buffer;
  readonly keys: readonly Buffer[];
  /** The header `webhook-signature` as received. */
  readonly signature: string;
  readonly now: Date;
}

/** The value of `webhook-signature`: one `v1` per key in the order given, one space between (Python splits on it). */
export function signStandard(input: SignatureInput): string {
  const head = `${input.id}.${input.timestamp}.`;
  const { keys, body } = input;
  let value = '';
  for (const key of keys) value += `${value === '' ? '' : ' '}v1,${signOnce(key, head, body)}`;
  return value;
}

/** Whether one of the `v1` signatures was made by one of the keys, within five minutes of `now`; never throws. */
export function verifyStandard(input: StandardVerification): boolean {
  const { id, timestamp, body, keys, signature, now } = input;
  if (!Number.isSafeInteger(timestamp)) return false;
  if (Math.abs(now.getTime() / 1000 - timestamp) > TOLERANCE_SECONDS) return false;
  const expected = keys.map((key) => `v1,${signOnce(key, `${id}.${timestamp}.`, body)}`);
  const offered = signature.split(' ');
  return offered.some((token) => expected.some((value) => isEqualConstantTime(token, value)));
}

/** Standard Webhooks 1.0.0, symmetric: `webhook-id`, `webhook-timestamp`, `webhook-signature`. */
export const standardSigner: Signer = {
  name: 'standard',
  headers: (input) => ({
    'webhook-id': input.id,
    'webhook-timestamp': String(input.timestamp),
    'webhook-signature': signStandard(input),
  }),
};

function signOnce(key: Buffer, head: string, body: Buffer): string {
  return createHmac('sha256', key).update(head).update(body).digest('base64');
}
