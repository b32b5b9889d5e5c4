import { createHmac } from 'node:crypto';
import { isEqualConstantTime } from '../constant-time.js';
import { utf8Secret } from '../secrets/text-secret.js';
import { isFresh, type SignatureInput, type Signer, type Verification } from './signer.js';

/** `Stripe-Signature: t=…,v1=…`, one `v1` for each live secret; the key is the whole text of a secret. */
export const stripeSigner: Signer = {
  name: 'stripe',
  secret: utf8Secret,
  verificationKey: (text) => utf8Secret.parse(text),
  headers: (input) => ({ 'Stripe-Signature': signStripe(input) }),
  verify,
};

/** The value of the header. */
export function signStripe({
  timestamp,
  body,
  keys,
}: Pick<SignatureInput, 'timestamp' | 'body' | 'keys'>): string {
  const signatures = keys.map((key) => `v1=${signOnce(key, String(timestamp), body)}`);
  return [`t=${timestamp}`, ...signatures].join(',');
}

function verify(input: Verification): boolean {
  const { headers, body } = input.request;
  const members = (headers['stripe-signature'] ?? '').split(',').map((member) => member.split('=', 2));
  const timestamp = members.find(([name]) => name === 't')?.[1] ?? '';
  if (!/^\d{1,15}$/.test(timestamp) || !isFresh(Number(timestamp), input)) return false;
  const offered = members.filter(([name]) => name === 'v1').map(([, value = '']) => value);
  const expected = input.keys.map((key) => signOnce(key, timestamp, body));
  return offered.some((value) => expected.some((one) => isEqualConstantTime(value, one)));
}

function signOnce(key: Buffer, timestamp: string, body: Buffer): string {
  return createHmac('sha256', key).update(`${timestamp}.`).update(body).digest('hex');
}
