import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  CHOICES,
  dialectOf,
  type HandshakeName,
  handshakeNamed,
  judgeAnswer,
  newChallenge,
  type ProfileChoice,
} from '#libs/signing';
import type { IncomingRequest } from '../request.js';
import type { Reading, Sender } from '../sender.js';
import { senders } from './senders.js';

const URL_OF_HOOK = 'https://hooks.example.org/in';
const SUBSCRIPTION = '01900000-0000-7000-8000-000000000003';
const TOPIC = 'https://guestbook.example.org/topic';

interface Pair extends ProfileChoice {
  readonly handshake: HandshakeName;
  readonly sender: (secret: string) => Sender;
}

const RECIPE = {
  header: 'X-Signature',
  template: '{id}.{timestamp}.{body}',
  idHeader: 'X-Id',
  timestampHeader: 'X-Time',
  algorithm: 'sha512',
  prefix: 'v9=',
} as const;
const CUSTOM: Omit<Pair, 'handshake'> = {
  profile: 'custom-hmac',
  profileConfig: RECIPE,
  sender: (secret) => senders.customHmac({ ...RECIPE, secrets: [secret] }),
};

/** What Bellhop speaks, and who of this library listens to it. */
const PAIRS: readonly Pair[] = [
  { profile: 'standard', handshake: 'hmac', sender: (secret) => senders.standard({ secrets: [secret] }) },
  { profile: 'standard', handshake: 'echo', sender: (secret) => senders.standard({ secrets: [secret] }) },
  { profile: 'github', handshake: 'github', sender: (secret) => senders.github({ secrets: [secret] }) },
  { profile: 'stripe', handshake: 'ping', sender: (secret) => senders.stripe({ secrets: [secret] }) },
  { profile: 'slack', handshake: 'slack', sender: (secret) => senders.slack({ secrets: [secret] }) },
  {
    profile: 'preservica',
    profileConfig: { trigger: 'FULL_TEXT_INDEXED' },
    handshake: 'preservica',
    sender: (secret) => senders.preservica({ secrets: [secret] }),
  },
  {
    profile: 'kloudless',
    profileConfig: { appId: 'APPID', account: '593652' },
    handshake: 'kloudless',
    sender: (secret) => senders.kloudless({ apiKeys: [secret], applicationId: 'APPID' }),
  },
  {
    profile: 'mcs-s3',
    profileConfig: { project: 'mcs1', bucket: 'guestbook' },
    handshake: 'mcs-s3',
    sender: (secret) =>
      senders.mcsS3({ url: URL_OF_HOOK, topics: ['mcs1|guestbook'], signedBy: { secrets: [secret] } }),
  },
  {
    profile: 'cloudevents',
    profileConfig: { mode: 'binary', bearer: true, origin: 'hooks.example.org' },
    handshake: 'cloudevents',
    sender: (bearer) => senders.cloudEvents({ origins: ['hooks.example.org'], proof: { bearer } }),
  },
  {
    profile: 'websub',
    profileConfig: { topic: TOPIC },
    handshake: 'websub',
    sender: (secret) => senders.websub({ secrets: [secret], topics: [TOPIC] }),
  },
  {
    profile: 'meta',
    profileConfig: { verifyToken: 'tok' },
    handshake: 'meta',
    sender: (secret) => senders.meta({ secrets: [secret], verifyToken: 'tok' }),
  },
  { profile: 'twitter', handshake: 'twitter', sender: (secret) => senders.twitter({ secrets: [secret] }) },
  { profile: 'zoom', handshake: 'zoom', sender: (secret) => senders.zoom({ secrets: [secret] }) },
  { profile: 'dropbox', handshake: 'dropbox', sender: (secret) => senders.dropbox({ secrets: [secret] }) },
  {
    profile: 'smartsheet',
    handshake: 'smartsheet',
    sender: (secret) => senders.smartsheet({ secrets: [secret] }),
  },
  {
    profile: 'asana',
    handshake: 'asana',
    sender: (secret) => senders.asana({ secret, learned: () => undefined }),
  },
  { profile: 'okta', handshake: 'okta', sender: (authorization) => senders.okta({ authorization }) },
  { profile: 'twitch', handshake: 'twitch', sender: (secret) => senders.twitch({ secrets: [secret] }) },
  {
    profile: 'swt',
    profileConfig: { issuer: 'https://bellhop.example.org' },
    handshake: 'ping',
    sender: (secret) => senders.swt({ secrets: [secret], issuer: 'https://bellhop.example.org' }),
  },
  {
    profile: 'guestbook-flat',
    handshake: 'hmac',
    sender: (secret) => senders.standard({ secrets: [secret] }),
  },
  {
    profile: 'trello',
    handshake: 'trello',
    sender: (secret) => senders.trello({ secrets: [secret], url: URL_OF_HOOK }),
  },
  {
    profile: 'discord',
    handshake: 'discord',
    sender: (secret) => senders.discord({ publicKeys: [publicHalf(secret)] }),
  },
  ...(['echo', 'hmac', 'ping'] as const).map((handshake): Pair => ({ ...CUSTOM, handshake })),
];

/** Its deliveries prove themselves by a word that both know, which is no key. */
const GRAPH: Pair = {
  profile: 'msgraph',
  profileConfig: { clientState: 'state-1' },
  handshake: 'msgraph',
  sender: () => senders.msGraph({ clientState: 'state-1' }),
};

/** Profiles whose handshake is another's, or is learned from another receiver. */
const DELIVERED: readonly Omit<Pair, 'handshake'>[] = [
  {
    profile: 'standard',
    profileConfig: { asymmetric: true },
    sender: (secret) => senders.standard({ publicKeys: [publicHalf(secret)] }),
  },
  { profile: 'msgraph', sender: (secret) => senders.standard({ secrets: [secret] }) },
  {
    profile: 'shopify',
    sender: (secret) =>
      senders.customHmac({ secrets: [secret], header: 'X-Shopify-Hmac-Sha256', encoding: 'base64' }),
  },
];

const SPOKEN = [...PAIRS, ...DELIVERED];

function publicHalf(secret: string): string {
  return dialectOf({ profile: 'discord' }, SUBSCRIPTION).secret.publicKey(secret) ?? '';
}

const now = new Date();
const event = {
  id: '01900000-0000-7000-8000-000000000002',
  tenantId: '01900000-0000-7000-8000-000000000001',
  type: 'guestbook.entry.created',
  subject: null,
  timestamp: new Date('2026-11-22T04:00:00Z'),
  data: Buffer.from('{"id":"42","name":"Zoë","message":"日本 😀","createdAt":"2026-11-22T04:00:00.000Z"}'),
};

function spoken({ sender, ...choice }: Omit<Pair, 'handshake'>) {
  const dialect = dialectOf(choice, SUBSCRIPTION);
  const secret = dialect.secret.generate();
  const keys = [dialect.secret.parse(secret)];
  const timestamp = Math.floor(now.getTime() / 1000);
  const signed = { id: 'msg_1', timestamp, keys, url: URL_OF_HOOK };
  return { dialect, keys, signed, sender: sender(secret), stranger: sender(dialect.secret.generate()) };
}

function read(sender: Sender, request: IncomingRequest): Reading {
  const lower = Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]);
  return sender.read({ ...request, headers: Object.fromEntries(lower) as IncomingRequest['headers'] }, now);
}

test('there is no profile whose deliveries nobody takes here', () => {
  expect([...new Set(SPOKEN.map(({ profile }) => profile))].toSorted()).toEqual(CHOICES.profiles.toSorted());
});

test.each(SPOKEN)('a delivery of the profile $profile is taken, and nothing else', (pair) => {
  const { dialect, signed, sender, stranger } = spoken(pair);
  const body = dialect.envelope.body(event);
  const request = {
    method: 'POST',
    url: '/in',
    headers: dialect.headers({ ...signed, body, event }),
    body,
  };
  expect(read(sender, request)).toMatchObject({ kind: 'events' });
  expect(read(stranger, request).kind).toBe('refused');
  expect(read(sender, { ...request, headers: {} }).kind).toBe('refused');
  const changed = Buffer.from(body);
  changed[0] = 0x20;
  const isToken = pair.profile === 'okta' || pair.profile === 'cloudevents';
  if (!isToken) expect(read(sender, { ...request, body: changed }).kind).toBe('refused');
});

test('a notification of the profile msgraph is taken by the client state that it carries, and no other', () => {
  const { dialect, signed, sender } = spoken(GRAPH);
  const body = dialect.envelope.body(event);
  const request = { method: 'POST', url: '/in', headers: dialect.headers({ ...signed, body, event }), body };
  expect(read(sender, request)).toMatchObject({
    kind: 'events',
    events: [{ type: 'created' }],
    answer: { status: 202 },
  });
  expect(read(senders.msGraph({ clientState: 'state-2' }), request).kind).toBe('refused');
});

const anyData = fc.json({ stringUnit: 'binary' }).filter((json) => !json.includes('\\u0000'));

test.each(SPOKEN)(
  'whatever an event of the profile $profile says, it is taken, and changed it is not',
  (pair) => {
    const { dialect, signed, sender } = spoken(pair);
    const isToken = pair.profile === 'okta' || pair.profile === 'cloudevents';
    fc.assert(
      fc.property(anyData, fc.stringMatching(/^[A-Za-z0-9_]{1,40}$/), fc.nat(), (json, id, place) => {
        const said = { ...event, data: Buffer.from(`{"any":${json}}`) };
        const body = dialect.envelope.body(said);
        const headers = inSomeCase(dialect.headers({ ...signed, id, body, event: said }), place);
        const request = { method: 'POST', url: '/in', headers, body };
        expect(read(sender, request).kind).toBe('events');
        const changed = Buffer.from(body);
        changed[place % body.length] = (changed[place % body.length] ?? 0) ^ 1;
        if (!isToken) expect(read(sender, { ...request, body: changed }).kind).toBe('refused');
      }),
      { numRuns: 20 },
    );
  },
);

/** Proxies and servers spell names as they like. */
function inSomeCase(headers: Readonly<Record<string, string>>, seed: number): Record<string, string> {
  const spell = (name: string): string => (seed % 2 === 0 ? name.toUpperCase() : name.toLowerCase());
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [spell(name), value]));
}

test.each([...PAIRS, GRAPH])('the handshake $handshake of the profile $profile is passed', (pair) => {
  const { dialect, keys, signed, sender } = spoken(pair);
  const handshake = handshakeNamed(pair.handshake);
  const question = {
    challenge: newChallenge('sub_1', now, () => handshake.newCode()),
    url: URL_OF_HOOK,
    registeredUrl: URL_OF_HOOK,
    keys,
    config: pair.profileConfig ?? {},
    origin: 'hooks.example.org',
    callbackUrl: null,
    sign: (body: Buffer) => dialect.headers({ ...signed, body }),
  };
  const { method, url, headers, body } = handshake.request(question);
  const { pathname, search } = new URL(url);
  const reading = read(sender, { method, url: pathname + search, headers, body });
  if (reading.kind !== 'answered') throw new Error(`the question is ${reading.kind}`);
  const { status, headers: answered, body: text } = reading.answer;
  const answer = { status, headers: answered, body: Buffer.from(text), isTruncated: false };
  expect(judgeAnswer(handshake, { ...question, answer })).toMatchObject({ isProven: true });
});
