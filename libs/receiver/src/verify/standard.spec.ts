import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newSecret, parseSecret, signStandard } from '#libs/signing';
import { StandardVerifier } from './standard.js';

const SECRET = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const SECONDS = 1700000000;
const NOW = new Date(SECONDS * 1000);
const SENT = { id: 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W', timestamp: String(SECONDS), body: '{"a":1}' };

type Sent = typeof SENT & { readonly signature: string };

function signed(sent = SENT): Sent {
  const timestamp = Number(sent.timestamp);
  const body = Buffer.from(sent.body);
  return { ...sent, signature: signStandard({ ...sent, timestamp, body, keys: [parseSecret(SECRET)] }) };
}

function isTaken({ id, timestamp, body, signature }: Sent, secrets: readonly string[] = [SECRET]): boolean {
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  const request = { method: 'POST', url: '/', headers, body: Buffer.from(body) };
  return new StandardVerifier({ secrets }).proof(request, NOW) !== null;
}

test('what is signed is verified, and a change of any signed part is noticed', () => {
  const sent = signed();
  expect(isTaken(sent)).toBe(true);
  expect(isTaken({ ...sent, id: `${sent.id}x` })).toBe(false);
  expect(isTaken({ ...sent, timestamp: String(SECONDS - 1) })).toBe(false);
  expect(isTaken({ ...sent, body: '{"a":2}' })).toBe(false);
  expect(isTaken(sent, [newSecret()])).toBe(false);
  expect(isTaken(sent, [newSecret(), SECRET])).toBe(true);
});

test('signatures of any length and shape are refused without an exception', () => {
  const sent = signed();
  fc.assert(fc.property(fc.string(), (signature) => !isTaken({ ...sent, signature })));
  const good = sent.signature;
  for (const signature of ['', 'v1', 'v1,', good.slice(0, -1), `${good}=`, good.replace('v1,', 'v1a,')]) {
    expect(isTaken({ ...sent, signature })).toBe(false);
  }
});

test('times of any shape are refused without an exception', () => {
  const sent = signed();
  fc.assert(fc.property(fc.string(), (timestamp) => !isTaken({ ...sent, timestamp })));
  for (const timestamp of ['NaN', '', '1e9', `${SECONDS}.0`, `+${SECONDS}`, ` ${SECONDS}`]) {
    expect(isTaken({ ...signed({ ...SENT, timestamp }), timestamp })).toBe(false);
  }
});

test('one fitting signature among others is enough', () => {
  const sent = signed();
  expect(isTaken({ ...sent, signature: `v1a,AAAA v1,AAAA ${sent.signature} v2,x` })).toBe(true);
});

test('a header is read as far as sixteen signatures, whoever made them', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
  const verifier = new StandardVerifier({ secrets: [SECRET], publicKeys: [`whpk_${raw}`] });
  const { id, timestamp, body } = SENT;
  const made = sign(null, Buffer.from(`${id}.${timestamp}.${body}`), privateKey).toString('base64');
  const others = `v1a,${Buffer.alloc(64).toString('base64')} `;
  const isTakenBehind = (count: number, own: string): boolean => {
    const signature = others.repeat(count) + own;
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
    return verifier.proof({ method: 'POST', url: '/', headers, body: Buffer.from(body) }, NOW) !== null;
  };
  for (const own of [`v1a,${made}`, signed().signature]) {
    expect(isTakenBehind(15, own)).toBe(true);
    expect(isTakenBehind(16, own)).toBe(false);
  }
});
