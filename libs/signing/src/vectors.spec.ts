import { expect, test } from 'vitest';
import { VECTORS, vectorsOf } from '../../../test/support/protocol-vectors.js';
import { challengeResponse, parseSecret, signStandard } from './index.js';
import { signAsymmetric } from './signers/asymmetric.signer.js';
import { contentDigest, type HttpSignatureAlgorithm, signBase } from './signers/http-signature-text.js';
import type { Signer } from './signers/signer.js';
import { stripeSigner } from './signers/stripe.signer.js';
import {
  dropboxSigner,
  githubSha1Signer,
  githubSigner,
  kloudlessSigner,
  preservicaSigner,
  slackSigner,
  websubSigner,
  zoomSigner,
} from './signers/vendor.signers.js';

const symmetric = vectorsOf('standard').filter(({ input }) => 'secret' in input);
const asymmetric = vectorsOf('standard').filter(({ input }) => 'seedHex' in input);
const native = vectorsOf('native');
const digests = vectorsOf('rfc9530');
const messages = vectorsOf('rfc9421');

/** Profiles whose signature stands in one header. */
const HEADERS: Readonly<Record<string, readonly [Signer, string]>> = {
  preservica: [preservicaSigner, 'Preservica-Signature'],
  kloudless: [kloudlessSigner, 'X-Kloudless-Signature'],
  github: [githubSigner, 'X-Hub-Signature-256'],
  'github sha1': [githubSha1Signer, 'X-Hub-Signature'],
  stripe: [stripeSigner, 'Stripe-Signature'],
  slack: [slackSigner, 'X-Slack-Signature'],
  zoom: [zoomSigner, 'x-zm-signature'],
  dropbox: [dropboxSigner, 'X-Dropbox-Signature'],
  websub: [websubSigner('sha256'), 'X-Hub-Signature'],
};
const inHeaders = VECTORS.filter(({ profile, input }) => profile in HEADERS && 'body' in input);

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

test.each(inHeaders)('$profile vector "$name" is signed exactly', ({ profile, name, input, output }) => {
  const [signer, header] = HEADERS[name.endsWith('sha1') ? 'github sha1' : profile] ?? [];
  const keys = [Buffer.from(input['secret'] ?? input['apiKey'] ?? '')];
  const timestamp = Number(input['timestamp'] ?? 0);
  const body = Buffer.from(String(input['body']));
  expect(signer?.headers({ id: 'msg_1', timestamp, body, keys })[header ?? '']).toBe(output);
});

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
