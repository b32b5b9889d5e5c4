import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { newSecret, parseSecret, signStandard } from '../index.js';

const timestamp = Math.floor(Date.now() / 1000);
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

function headers(name: string, signature: string): Record<string, string> {
  return { 'webhook-id': name, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature };
}
