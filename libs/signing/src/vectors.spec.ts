import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { challengeResponse, parseSecret, signStandard } from './index.js';
import { type SignerName, signerNamed } from './signers/signers.js';
import { signAsymmetric } from './signers/asymmetric.signer.js';
import { contentDigest, type HttpSignatureAlgorithm, signBase } from './signers/http-signature-text.js';

interface Vector {
  readonly profile: string;
  readonly name: string;
  readonly input: Record<string, string | number>;
  readonly output: string;
}

const file = new URL('../../../test/vectors/protocol-vectors.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] };

const symmetric = vectors.filter(({ profile, input }) => profile === 'standard' && 'secret' in input);
const asymmetric = vectors.filter(({ profile, input }) => profile === 'standard' && 'seedHex' in input);
const native = vectors.filter(({ profile }) => profile === 'native');
const digests = vectors.filter(({ profile }) => profile === 'rfc9530');
const messages = vectors.filter(({ profile }) => profile === 'rfc9421');

/** Profiles whose signature stands in one header. */
const HEADERS: Readonly<Record<string, readonly [SignerName, string]>> = {
  preservica: ['preservica', 'Preservica-Signature'],
  kloudless: ['kloudless', 'X-Kloudless-Signature'],
  github: ['github', 'X-Hub-Signature-256'],
  'github sha1': ['github-sha1', 'X-Hub-Signature'],
  stripe: ['stripe', 'Stripe-Signature'],
  slack: ['slack', 'X-Slack-Signature'],
  zoom: ['zoom', 'x-zm-signature'],
  dropbox: ['dropbox', 'X-Dropbox-Signature'],
  websub: ['websub', 'X-Hub-Signature'],
};
const inHeaders = vectors.filter(({ profile, input }) => profile in HEADERS && 'body' in input);

test('the vectors are there', () => {
  const counts = [symmetric, asymmetric, native, digests, messages, inHeaders].map(({ length }) => length);
  expect(counts).toEqual([3, 1, 1, 2, 2, 12]);
});

test.each(symmetric)('Standard Webhooks vector "$name" is signed exactly', ({ input, output }) => {
  const signature = signStandard({
    id: String(input['id']),
    timestamp: Number(input['timestamp']),
    body: Buffer.from(String(input['body'])),
    keys: [parseSecret(String(input['secret']))],
  });
  expect(signature).toBe(output);
});

test.each(asymmetric)('Standard Webhooks vector "$name" is signed exactly', ({ input, output }) => {
  const seed = Buffer.from(String(input['seedHex']), 'hex');
  const body = Buffer.from(String(input['body']));
  const signed = { id: String(input['id']), timestamp: Number(input['timestamp']), body };
  expect(signAsymmetric(signed, [seed])).toBe(output);
});

test.each(native)('native vector "$name" is answered exactly', ({ input, output }) => {
  const key = Buffer.from(String(input['keyHex']), 'hex');
  expect(challengeResponse(key, String(input['subscriptionId']), String(input['challenge']))).toBe(output);
});

test.each(inHeaders)(
  '$profile vector "$name" is signed exactly, and verifies',
  ({ profile, name, input, output }) => {
    const [signerName, header] = HEADERS[name.endsWith('sha1') ? 'github sha1' : profile] ?? ['standard', ''];
    const signer = signerNamed(signerName);
    const keys = [signer.secret.parse(String(input['secret'] ?? input['apiKey']))];
    const timestamp = Number(input['timestamp'] ?? 0);
    const body = Buffer.from(String(input['body']));
    const headers = signer.headers({ id: 'msg_1', timestamp, body, keys });
    expect(headers[header]).toBe(output);
    const received = Object.fromEntries(
      Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value]),
    );
    const request = { method: 'POST', url: '', headers: received, body };
    expect(signer.verify({ request, keys, now: new Date(timestamp * 1000) })).toBe(true);
  },
);

test.each(digests)('RFC 9530 vector "$name" is digested exactly', ({ input, output }) => {
  expect(contentDigest(Buffer.from(String(input['body'])))).toBe(output);
});

test.each(messages)('RFC 9421 vector "$name" is signed exactly', ({ input, output }) => {
  const isShared = 'keyBase64' in input;
  const key = isShared
    ? Buffer.from(String(input['keyBase64']), 'base64')
    : Buffer.from(String(input['seedHex']), 'hex');
  const algorithm: HttpSignatureAlgorithm = isShared ? 'hmac-sha256' : 'ed25519';
  expect(signBase(algorithm, key, String(input['base'])).toString('base64')).toBe(output);
});
