import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { newSecret, parseSecret, signStandard, verifyStandard } from '../index.js';

const now = new Date();
const timestamp = Math.floor(now.getTime() / 1000);
const SEC = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const id = 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W';

test('text beyond ASCII is signed over its UTF-8 bytes', () => {
  const body = Buffer.from('{"type":"guestbook.entry.created","data":{"name":"Zoë","message":"日本 😀"}}');
  const signature = signStandard({ id, timestamp: 1700000000, body, keys: [parseSecret(SEC)] });
  expect(body).toHaveLength(81);
  expect(signature).toBe('v1,loXotzY0ZtceQFU2k47oqQE/3pw48ht+eWllWVdtpIg=');
});

test('the published verifier accepts whatever is signed', () => {
  const verifier = new Webhook(SEC);
  fc.assert(
    fc.property(fc.json(), fc.stringMatching(/^[a-z0-9_]{1,40}$/), (text, name) => {
      const body = Buffer.from(text);
      const signature = signStandard({ id: name, timestamp, body, keys: [parseSecret(SEC)] });
      verifier.verify(text, headers(name, signature));
    }),
  );
});

test('during a rotation a holder of either secret accepts, and one space parts the signatures', () => {
  const [fresh, old] = [newSecret(), newSecret()];
  const body = Buffer.from('{"a":1}');
  const signature = signStandard({ id, timestamp, body, keys: [fresh, old].map(parseSecret) });
  expect(signature).toMatch(/^v1,[A-Za-z0-9+/]{43}= v1,[A-Za-z0-9+/]{43}=$/);
  for (const secret of [fresh, old]) new Webhook(secret).verify('{"a":1}', headers(id, signature));
  expect(() => new Webhook(newSecret()).verify('{"a":1}', headers(id, signature))).toThrow();
});

test('what we sign we verify, and a change of any signed part is noticed', () => {
  const body = Buffer.from('{"a":1}');
  const keys = [parseSecret(SEC)];
  const signature = signStandard({ id, timestamp, body, keys });
  const given = { id, timestamp, body, keys, signature, now };
  expect(verifyStandard(given)).toBe(true);
  expect(verifyStandard({ ...given, id: `${id}x` })).toBe(false);
  expect(verifyStandard({ ...given, timestamp: timestamp - 1 })).toBe(false);
  expect(verifyStandard({ ...given, body: Buffer.from('{"a":2}') })).toBe(false);
  expect(verifyStandard({ ...given, keys: [parseSecret(newSecret())] })).toBe(false);
  expect(verifyStandard({ ...given, keys: [] })).toBe(false);
});

test('signatures of any length and shape are refused without an exception', () => {
  const given = { id, timestamp, body: Buffer.from('{}'), keys: [parseSecret(SEC)], now };
  fc.assert(fc.property(fc.string(), (signature) => !verifyStandard({ ...given, signature })));
  const good = signStandard(given);
  for (const signature of ['', 'v1', 'v1,', good.slice(0, -1), `${good}=`, good.replace('v1,', 'v1a,')]) {
    expect(verifyStandard({ ...given, signature })).toBe(false);
  }
});

test('a signature counts for five minutes around its timestamp', () => {
  const keys = [parseSecret(SEC)];
  const body = Buffer.from('{}');
  const verdict = (offset: number): boolean => {
    const signature = signStandard({ id, timestamp: timestamp + offset, body, keys });
    return verifyStandard({
      id,
      timestamp: timestamp + offset,
      body,
      keys,
      signature,
      now: new Date(timestamp * 1000),
    });
  };
  expect([-301, -300, 300, 301].map(verdict)).toEqual([false, true, true, false]);
  expect(verdict(Number.NaN)).toBe(false);
});

function headers(name: string, signature: string): Record<string, string> {
  return { 'webhook-id': name, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature };
}
