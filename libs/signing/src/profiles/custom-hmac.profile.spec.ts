import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { choiceFaults, dialectOf, HANDSHAKE_NAMES, profileNamed } from '../index.js';

const SUBSCRIPTION = '9495ddbf-7d4a-0b9f-030a-3411c87f967d';
const speak = (config: object) =>
  dialectOf({ profile: 'custom-hmac', profileConfig: { header: 'X-Sum', ...config } }, SUBSCRIPTION);

test('any handshake may be asked that does not send the key', () => {
  const { handshakes } = profileNamed('custom-hmac');
  expect(HANDSHAKE_NAMES.filter((name) => !handshakes.includes(name))).toEqual(['asana']);
});

test('what the handshakes of others ask with can be said', () => {
  const profileConfig = {
    header: 'X-Sum',
    appId: 'APPID',
    verifyToken: 'let me in',
    topic: 'https://book.example/feed',
    lease: 3600,
    project: 'mcs1',
    bucket: 'guestbook',
    rate: 60,
  };
  expect(choiceFaults({ profile: 'custom-hmac', profileConfig })).toEqual([]);
});

test('an answer may have to be a text of its own; otherwise any 2xx delivers', () => {
  expect(speak({ expectedAnswer: ' [accepted] ' }).transport.expectedAnswer).toBe('[accepted]');
  expect(speak({}).transport.expectedAnswer).toBeNull();
});

test.each([
  ['utf8', 'clé', Buffer.from('clé', 'utf8')],
  ['latin1', 'clé', Buffer.from('clé', 'latin1')],
  ['base64', 'AAECAw==', Buffer.from([0, 1, 2, 3])],
  ['hex', '00010203', Buffer.from([0, 1, 2, 3])],
])('a secret that is read as %s signs with those bytes', (keyEncoding, secret, key) => {
  const dialect = speak({
    keyEncoding,
    algorithm: 'sha512',
    encoding: 'base64url',
    prefix: 'v1 ',
    template: '{id}|{timestamp}|{url}|{body}',
    idHeader: 'X-Id',
    timestampHeader: 'X-Time',
  });
  const signed = { id: 'msg_1', timestamp: 1700000000, body: Buffer.from('{}'), url: 'https://a.example/' };
  const sum = createHmac('sha512', key).update('msg_1|1700000000|https://a.example/|{}').digest('base64url');
  expect(dialect.headers({ ...signed, keys: [dialect.secret.parse(secret)] })).toMatchObject({
    'X-Sum': `v1 ${sum}`,
    'X-Id': 'msg_1',
    'X-Time': '1700000000',
  });
});

test.each([
  [{ timestampHeader: 'x-sum' }, 'profileConfig.timestampHeader'],
  [{ idHeader: 'X-SUM' }, 'profileConfig.idHeader'],
  [{ idHeader: 'x-same', timestampHeader: 'X-Same' }, 'profileConfig.idHeader'],
])('%j would set one header twice and is refused', (config, field) => {
  const profileConfig = { header: 'X-Sum', ...config };
  expect(choiceFaults({ profile: 'custom-hmac', profileConfig })).toMatchObject([{ field }]);
});

test('the names of its headers are known, also with an add-on that could not sign with a generated secret', () => {
  const profileConfig = { header: 'X-Sum', keyEncoding: 'hex', idHeader: 'X-Id' };
  const dialect = dialectOf({ profile: 'custom-hmac', profileConfig, signers: ['rfc9421'] }, SUBSCRIPTION);
  const names = ['content-type', 'x-sum', 'x-id', 'signature', 'signature-input', 'content-digest'];
  expect([...dialect.headerNames()]).toEqual(expect.arrayContaining(names));
});
