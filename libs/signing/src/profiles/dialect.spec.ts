import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toTypeId } from '#libs/kernel';
import { choiceFaults, type Dialect, dialectOf, type ProfileChoice } from '../index.js';
import { asymmetricSecret } from '../secrets/asymmetric-secret.js';
import { PROFILES } from './profiles.js';
import { asciiJson } from '../envelopes/ascii.envelope.js';

const SEC = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const ID = 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W';
const SUBSCRIPTION = '9495ddbf-7d4a-0b9f-030a-3411c87f967d';
const TENANT = '01900000-0000-7000-8000-000000000001';
const event = {
  id: '01900000-0000-7000-8000-000000000002',
  tenantId: TENANT,
  type: 'guestbook.entry.created',
  subject: null,
  timestamp: new Date('2026-11-22T04:00:00Z'),
  data: Buffer.from('{"id":"42"}'),
};
const BODY = Buffer.from(
  '{"type":"guestbook.entry.created","timestamp":"2026-11-22T04:00:00.000Z","data":{"id":"42"}}',
);

/** A config with which each profile can be spoken. */
const CONFIGS: Readonly<Record<string, object>> = {
  preservica: { trigger: 'FULL_TEXT_INDEXED' },
  kloudless: { appId: 'app-1', account: '593652' },
  'mcs-s3': { project: 'mcs1', bucket: 'guestbook' },
  websub: { topic: 'https://example.org/feed' },
  'custom-hmac': { header: 'X-Signature' },
};

function speak(choice: ProfileChoice): Dialect {
  const profileConfig = { ...CONFIGS[choice.profile], ...choice.profileConfig };
  return dialectOf({ ...choice, profileConfig }, SUBSCRIPTION);
}

function headersOf(dialect: Dialect, body: Buffer, secret = SEC): Record<string, string> {
  const keys = [dialect.secret.parse(secret)];
  const url = 'https://hooks.example.org/in?x=1';
  return dialect.headers({ id: ID, timestamp: 1700000000, body, keys, url, event });
}

describe('the same body and secret, as each profile signs it', () => {
  test.each([
    ['standard', 'webhook-signature', 'v1,x8hLuHVuk5scQ3V2ehw/0nkArerOH67Qc6mxjcIULmA='],
    [
      'github',
      'X-Hub-Signature-256',
      'sha256=b2681e45b2088ac30f2b5b09ab789f5a158fe4f1718f24d5521902bb993ed27a',
    ],
    [
      'stripe',
      'Stripe-Signature',
      't=1700000000,v1=7ba6f6600b2159fa8c29a0c66787d6d74864d9db37ff4806c35001a9921ef865',
    ],
    ['slack', 'X-Slack-Signature', 'v0=18507049d3023751afbdf1e12591cf18b822e8309534d253088148acfc600d4d'],
    [
      'preservica',
      'Preservica-Signature',
      'a3675b80ad09dce5cd2f3dbb8ac6c67fbf796995cf63072ad591cbaf4a4a2025',
    ],
    ['websub', 'X-Hub-Signature', 'sha256=b2681e45b2088ac30f2b5b09ab789f5a158fe4f1718f24d5521902bb993ed27a'],
  ])('%s: %s', (profile, header, expected) => {
    expect(headersOf(speak({ profile }), BODY)[header]).toBe(expected);
  });
});

test('RFC 9421 signs method, URL, type, digest, id and time as published verifiers compute it', () => {
  const seed = Buffer.from(Array.from({ length: 32 }, (_, at) => at));
  const secret = `whsk_${seed.toString('base64')}`;
  const dialect = speak({ profile: 'standard', profileConfig: { asymmetric: true }, signers: ['rfc9421'] });
  const keys = [dialect.secret.parse(secret)];
  const headers = dialect.headers({
    id: ID,
    timestamp: 1674087231,
    body: BODY,
    keys,
    url: 'https://hooks.example.org/in?x=1',
    event,
  });
  expect(headers).toMatchObject({
    'Content-Digest': 'sha-256=:wI2sOMvRd0b9WR1QQx+W04MnzpjV2LmN6uNmVwY62Is=:',
    'Signature-Input':
      'sig1=("@method" "@target-uri" "content-type" "content-digest" "webhook-id" "webhook-timestamp");created=1674087231;' +
      'keyid="whpk_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";alg="ed25519";tag="webhook"',
    Signature:
      'sig1=:Ve2qGNWpPEPsmNAzG3NcO9SGL1P5nQPzIGMGiW2nbf8Rfs0O0W+lhWMhhB1xRW6hSrvRz5qiVgLqLAdWtS1wBg==:',
  });
});

test('an asymmetric secret signs v1 and v1a, and its public half is shown', () => {
  const dialect = speak({ profile: 'standard', profileConfig: { asymmetric: true } });
  const svix =
    'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==';
  expect(dialect.secret.publicKey(svix)).toBe('whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=');
  const keys = [dialect.secret.parse(svix)];
  const signed = {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: 1614265330,
    body: Buffer.from('{"test": 2432232314}'),
  };
  expect(dialect.headers({ ...signed, keys })['webhook-signature']).toBe(
    'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
  );
  const pair = dialect.secret.generate();
  const both = dialect.headers({ ...signed, keys: [dialect.secret.parse(pair)] })['webhook-signature'];
  expect(both).toMatch(/^v1,[^ ]+ v1a,[^ ]+$/);
  expect(dialect.secret.share(pair)).toMatch(/^whsec_[^ ]+$/);
});

test('letters beyond ASCII go to Preservica as escapes', () => {
  const data = Buffer.from('{"name":"Zoë","message":"日本 😀"}');
  const { envelope } = speak({ profile: 'preservica', envelope: 'data' });
  expect(envelope.body({ ...event, data }).toString()).toBe(
    String.raw`{"name":"Zo\u00eb","message":"\u65e5\u672c \ud83d\ude00"}`,
  );
  const body = asciiJson(
    Buffer.from('{"type":"guestbook.entry.created","data":{"name":"Zoë","message":"日本 😀"}}'),
  );
  expect(body).toHaveLength(99);
  expect(headersOf(speak({ profile: 'preservica' }), body)['Preservica-Signature']).toBe(
    '82f3ffdfc15179fa9daa269aa3c27b78736bedc4bdb03eb0202968729cd03dc0',
  );
});

test('JSON in ASCII says the same as before', () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: 'binary' }), (json) => {
      const ascii = asciiJson(Buffer.from(json));
      expect(ascii.every((byte) => byte < 0x7f)).toBe(true);
      expect(JSON.parse(ascii.toString('latin1'))).toEqual(JSON.parse(Buffer.from(json).toString()));
    }),
  );
});

describe.each(PROFILES.map(({ name }) => name))('the profile %s', (profile) => {
  const dialect = speak({ profile });
  const body = dialect.envelope.body(event);

  test('makes the same body each time, and headers that can be sent', () => {
    expect(dialect.envelope.body(event).equals(body)).toBe(true);
    const headers = headersOf(dialect, body, dialect.secret.generate());
    expect(headers['Content-Type']).toBe(dialect.envelope.contentType);
    for (const [name, value] of Object.entries(headers)) {
      expect(name).toMatch(/^[A-Za-z][A-Za-z0-9-]*$/);
      expect(value).toMatch(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/);
    }
  });

  test('generates secrets that it can read, and refuses an empty one', () => {
    for (let round = 0; round < 5; round += 1) {
      expect(dialect.secret.parse(dialect.secret.generate()).length).toBeGreaterThanOrEqual(24);
    }
    expect(() => dialect.secret.parse('')).toThrow(expect.objectContaining({ code: 'invalid_secret' }));
  });

  test('refuses fields that it does not know', () => {
    const profileConfig = { ...CONFIGS[profile], nonsense: 1 };
    expect(choiceFaults({ profile, profileConfig })).toMatchObject([{ field: 'profileConfig.nonsense' }]);
  });
});

test.each([
  [
    'a trigger that does not exist',
    { profile: 'preservica', profileConfig: { trigger: 'X' } },
    'profileConfig.trigger',
  ],
  ['a trigger that is missing', { profile: 'preservica' }, 'profileConfig.trigger'],
  [
    'an account that is no number',
    { profile: 'kloudless', profileConfig: { appId: 'a', account: 'x' } },
    'profileConfig.account',
  ],
  ['a second signature of the same kind', { profile: 'standard', signers: ['standard'] }, 'signers'],
  ['an add-on twice', { profile: 'github', signers: ['rfc9421', 'rfc9421'] }, 'signers'],
  [
    'another body for Kloudless',
    { profile: 'kloudless', profileConfig: CONFIGS['kloudless'], envelope: 'data' },
    'envelope',
  ],
  ['a body that does not exist', { profile: 'github', envelope: 'preservica' }, 'envelope'],
  [
    'a length for Preservica',
    { profile: 'preservica', profileConfig: CONFIGS['preservica'], framing: 'content-length' },
    'framing',
  ],
  ['a framing that does not exist', { profile: 'github', framing: 'h2' }, 'framing'],
  [
    'a signature that leaves the body open',
    { profile: 'custom-hmac', profileConfig: { header: 'X-S', template: '{url}' } },
    'profileConfig.template',
  ],
  [
    'a signed time that nobody is told',
    { profile: 'custom-hmac', profileConfig: { header: 'X-S', template: '{timestamp}{body}' } },
    'profileConfig.timestampHeader',
  ],
  [
    'a header of HTTP itself',
    { profile: 'custom-hmac', profileConfig: { header: 'Host' } },
    'profileConfig.header',
  ],
  ['a config that is no object', { profile: 'github', profileConfig: [] }, 'profileConfig'],
])('%s is refused with a pointer to the field', (_what, choice, field) => {
  const faults = choiceFaults(choice as unknown as ProfileChoice);
  expect(faults).toMatchObject([{ field }]);
  expect(() => dialectOf(choice as unknown as ProfileChoice, SUBSCRIPTION)).toThrow(
    expect.objectContaining({ code: 'validation_failed' }),
  );
});

test.each(['clé of 24 bytes and more than that', 'with "quotes"', 'back\\slash', ' around ', ''])(
  'the secret %j is refused for Preservica, whose receivers would read it differently',
  (secret) => {
    expect(() => speak({ profile: 'preservica' }).secret.parse(secret)).toThrow(
      expect.objectContaining({ code: 'invalid_secret' }),
    );
  },
);

test('an add-on wants a secret that it can sign with', () => {
  const dialect = speak({ profile: 'github', signers: ['standard', 'rfc9421'] });
  expect(() => dialect.secret.parse('short')).toThrow(expect.objectContaining({ code: 'invalid_secret' }));
  const headers = headersOf(dialect, BODY);
  expect(headers).toMatchObject({
    'X-Hub-Signature-256': 'sha256=b2681e45b2088ac30f2b5b09ab789f5a158fe4f1718f24d5521902bb993ed27a',
    'webhook-signature': 'v1,x8hLuHVuk5scQ3V2ehw/0nkArerOH67Qc6mxjcIULmA=',
    'Signature-Input': expect.stringContaining(`keyid="${toTypeId('sub', SUBSCRIPTION)}";alg="hmac-sha256"`),
  });
});

test('no add-on signs with an empty key: a public key alone is for RFC 9421', () => {
  const own = asymmetricSecret.generate().split(' ')[1] ?? '';
  const parse = (signers: ProfileChoice['signers'], secret: string): Buffer =>
    speak({ profile: 'discord', ...(signers && { signers }) }).secret.parse(secret);
  expect(() => parse(['standard'], own)).toThrow(expect.objectContaining({ code: 'invalid_secret' }));
  expect(() => parse(['rfc9421', 'standard'], own)).toThrow(
    expect.objectContaining({ code: 'invalid_secret' }),
  );
  expect(parse(['rfc9421'], own)).toHaveLength(32);
  expect(parse(['standard'], `${SEC} ${own}`)).toHaveLength(64);
});

test('a signature beside the profile’s own is made with another key than the text of the secret', () => {
  const dialect = speak({ profile: 'preservica' });
  expect(headersOf(dialect, BODY)['webhook-signature']).toBe(
    'v1,x8hLuHVuk5scQ3V2ehw/0nkArerOH67Qc6mxjcIULmA=',
  );
  expect(headersOf(dialect, BODY, 'my secret key!')['webhook-signature']).toBeUndefined();
});

test('subscriptions that say nothing of their own share one dialect, and so the bodies of their events', () => {
  const [one, other] = [SUBSCRIPTION, TENANT].map((id) => dialectOf({ profile: 'standard' }, id));
  expect(one).toBe(other);
});

test('only a dialect that says the same of every event, with no signature over its id, is thin', () => {
  const thin = PROFILES.map(({ name }) => name).filter((name) => speak({ profile: name }).isThin);
  expect(thin).toEqual(['kloudless']);
  for (const signer of ['standard', 'rfc9421'] as const)
    expect(speak({ profile: 'kloudless', signers: [signer] }).isThin).toBe(false);
});

test.each([
  [{ profile: 'standard' }, { 'webhook-attempt': '3' }],
  [{ profile: 'standard', profileConfig: { asymmetric: true } }, { 'webhook-attempt': '3' }],
  [{ profile: 'kloudless', signers: ['standard'] }, { 'webhook-attempt': '3' }],
  [{ profile: 'github', signers: ['rfc9421'] }, { 'webhook-attempt': '3' }],
  [{ profile: 'slack' }, { 'X-Slack-Retry-Num': '2' }],
  [{ profile: 'github' }, {}],
  [{ profile: 'stripe' }, {}],
  [{ profile: 'kloudless' }, {}],
] as const)('a third attempt of %j adds %j to the headers of a first, and nothing else', (choice, mark) => {
  const dialect = speak(choice);
  const keys = [dialect.secret.parse('profileConfig' in choice ? dialect.secret.generate() : SEC)];
  const input = { id: ID, timestamp: 1700000000, body: BODY, keys, url: 'https://hooks.example.org', event };
  const first = dialect.headers(input);
  expect(dialect.headers({ ...input, attempt: 1 })).toEqual(first);
  expect(dialect.headers({ ...input, attempt: 3 })).toEqual({ ...first, ...mark });
});
