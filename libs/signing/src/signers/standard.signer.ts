import { createHmac } from 'node:crypto';
import { isEqualConstantTime } from '../constant-time.js';
import { standardSecret } from '../secrets/standard-secret.js';
import { type SignatureInput, type Signer, TOLERANCE_SECONDS, type Verification } from './signer.js';

export interface StandardVerification {
  readonly id: string;
  readonly timestamp: number;
  readonly body: Buffer;
  readonly keys: readonly Buffer[];
  /** The header `webhook-signature` as received. */
  readonly signature: string;
  readonly now: Date;
  /** 300 if left out. */
  readonly toleranceSeconds?: number;
}

/** What the signature stands for. */
type Signed = Pick<SignatureInput, 'id' | 'timestamp' | 'body' | 'keys'>;

/** The value of `webhook-signature`: one `v1` per key in the order given, one space between (Python splits on it). */
export function signStandard(input: Signed): string {
  const head = `${input.id}.${input.timestamp}.`;
  const { keys, body } = input;
  let value = '';
  for (const key of keys) value += `${value === '' ? '' : ' '}v1,${signOnce(key, head, body)}`;
  return value;
}

/** Whether one of the `v1` signatures was made by one of the keys, within five minutes of `now`; never throws. */
export function verifyStandard(input: StandardVerification): boolean {
  const { id, timestamp, body, keys, signature, now, toleranceSeconds = TOLERANCE_SECONDS } = input;
  if (!Number.isSafeInteger(timestamp)) return false;
  if (Math.abs(now.getTime() / 1000 - timestamp) > toleranceSeconds) return false;
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
  secret: standardSecret,
  verificationKey: (text) => standardSecret.parse(text),
  verify: (input) => verifyStandard(standardParts(input)),
};

/** The three headers of Standard Webhooks; what is missing verifies nothing. */
export function standardParts({ request, ...rest }: Verification): StandardVerification {
  const { headers, body } = request;
  const timestamp = headers['webhook-timestamp'] ?? '';
  return {
    ...rest,
    body,
    id: headers['webhook-id'] ?? '',
    timestamp: /^\d{1,15}$/.test(timestamp) ? Number(timestamp) : Number.NaN,
    signature: headers['webhook-signature'] ?? '',
  };
}

function signOnce(key: Buffer, head: string, body: Buffer): string {
  return createHmac('sha256', key).update(head).update(body).digest('base64');
}
