import { expect, test } from 'vitest';
import { type Vector, VECTORS } from '../../../test/support/protocol-vectors.js';
import { mcsSignature } from './handshakes/mcs-s3.handshake.js';
import { preservicaResponse } from './handshakes/preservica.handshake.js';
import { twitterResponse } from './handshakes/twitter.handshake.js';
import { zoomResponse } from './handshakes/zoom.handshake.js';
import { challengeResponse, parseSecret, signStandard } from './index.js';
import { signAsymmetric } from './signers/asymmetric.signer.js';
import { contentDigest, signBase } from './signers/http-signature-text.js';
import type { Signer } from './signers/signer.js';
import { stripeSigner } from './signers/stripe.signer.js';
import { swtToken } from './signers/swt.signer.js';
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

type Given = (name: string) => string;
type Way = (given: Given, output: string) => string;

/** How each kind of vector is computed: the profile, and the names of what is given. */
const WAYS: Readonly<Record<string, Way>> = {
  'standard: body id secret timestamp': (given) =>
    signStandard({ ...signedBy(given), keys: [parseSecret(given('secret'))] }),
  'standard: body id seedHex timestamp': (given) =>
    signAsymmetric(signedBy(given), [hexOf(given('seedHex'))]),
  'preservica: challengeCode secret': (given) =>
    preservicaResponse(Buffer.from(given('secret'), 'latin1'), given('challengeCode')),
  'mcs-s3: Timestamp Token TopicArn url': (given) =>
    mcsSignature(
      { Timestamp: given('Timestamp'), TopicArn: given('TopicArn'), Token: given('Token') },
      given('url'),
    ),
  'twitter: crc_token secret': (given) => twitterResponse(Buffer.from(given('secret')), given('crc_token')),
  'zoom: plainToken secret': (given) => zoomResponse(Buffer.from(given('secret')), given('plainToken')),
  'rfc9421: base keyBase64': (given) =>
    signBase('hmac-sha256', Buffer.from(given('keyBase64'), 'base64'), given('base')).toString('base64'),
  'rfc9421: base seedHex': (given) =>
    signBase('ed25519', hexOf(given('seedHex')), given('base')).toString('base64'),
  'rfc9530: body': (given) => contentDigest(Buffer.from(given('body'))),
  'native: challenge keyHex message subscriptionId': (given) =>
    challengeResponse(hexOf(given('keyHex')), given('subscriptionId'), given('challenge')),
  'swt: body secret': (given, output) => swtToken(Buffer.from(given('secret')), claimsIn(output, given)),
  'preservica: body secret': inHeader(preservicaSigner, 'Preservica-Signature'),
  'kloudless: apiKey body': inHeader(kloudlessSigner, 'X-Kloudless-Signature'),
  'github: body secret': (given, output) =>
    output.startsWith('sha1=')
      ? inHeader(githubSha1Signer, 'X-Hub-Signature')(given, output)
      : inHeader(githubSigner, 'X-Hub-Signature-256')(given, output),
  'stripe: body secret timestamp': inHeader(stripeSigner, 'Stripe-Signature'),
  'slack: body secret timestamp': inHeader(slackSigner, 'X-Slack-Signature'),
  'zoom: body secret timestamp': inHeader(zoomSigner, 'x-zm-signature'),
  'dropbox: body secret': inHeader(dropboxSigner, 'X-Dropbox-Signature'),
  'websub: body secret': inHeader(websubSigner('sha256'), 'X-Hub-Signature'),
};

/** Of the API, where its spec stands beside it. */
const ELSEWHERE = new Set(['preservica: password timestamp username']);

const kindOf = ({ profile, input }: Vector): string => {
  const names = Object.keys(input).toSorted((a, b) => (a < b ? -1 : 1));
  return `${profile}: ${names.join(' ')}`;
};

test('there is a way to compute every kind of vector in the file, and a vector for every way', () => {
  const kinds = new Set(VECTORS.map(kindOf));
  expect([...kinds].toSorted()).toEqual([...Object.keys(WAYS), ...ELSEWHERE].toSorted());
});

test.each(VECTORS.filter((vector) => !ELSEWHERE.has(kindOf(vector))))(
  '$profile vector "$name" is signed exactly',
  (vector) => {
    const way = WAYS[kindOf(vector)];
    if (way === undefined) throw new Error(`nothing computes ${kindOf(vector)}`);
    expect(way((name) => vector.input[name] ?? '', vector.output)).toBe(vector.output);
  },
);

/** The signature as it stands in a header. */
function inHeader(signer: Signer, header: string): Way {
  return (given) => {
    const keys = [Buffer.from(given('secret') || given('apiKey'))];
    const [timestamp, body] = [Number(given('timestamp')), Buffer.from(given('body'))];
    return signer.headers({ id: 'msg_1', timestamp, body, keys })[header] ?? '';
  };
}

function signedBy(given: Given): { id: string; timestamp: number; body: Buffer } {
  return { id: given('id'), timestamp: Number(given('timestamp')), body: Buffer.from(given('body')) };
}

function hexOf(text: string): Buffer {
  return Buffer.from(text, 'hex');
}

interface Payload {
  readonly iss: string;
  readonly iat: number;
  readonly jti: string;
  readonly webhook: { readonly event: string };
}

/** The vector gives secret and body; who says what, and when, stands in its token. */
function claimsIn(token: string, given: Given): Parameters<typeof swtToken>[1] {
  const text = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  const { iss: issuer, iat: timestamp, jti: tokenId, webhook } = JSON.parse(text) as Payload;
  return { issuer, timestamp, tokenId, event: webhook.event, body: Buffer.from(given('body')) };
}
