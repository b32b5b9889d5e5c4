import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { toTypeId } from '#libs/kernel';
import { challengeResponse, newSecret, parseSecret, signStandard } from '#libs/signing';
import type { ChallengeStep, NewSubscription, StepName } from '#libs/subscriptions';
import { type Behaviour, Receiver } from '../../support/receiver.js';
import { MEMBER, OPERATOR, type Platform, startPlatform } from './subscriptions-fixture.js';

let platform: Platform;
let receiver: Receiver;
const secret = newSecret();

beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());

beforeEach(async () => {
  receiver = await Receiver.start({ secret });
});
afterEach(() => receiver.stop());

type Wish = Partial<NewSubscription>;
interface Refusal {
  readonly code: string;
  readonly extensions: {
    readonly handshake: { readonly type: string; readonly steps: readonly ChallengeStep[] };
  };
}

const create = (wish: Wish = {}, caller = MEMBER): ReturnType<Platform['node']['subscriptions']['create']> =>
  platform.node.subscriptions.create(caller, { url: receiver.url, eventTypes: ['guestbook.*'], ...wish });

async function refused(wish: Wish = {}): Promise<Refusal> {
  const outcome = await create(wish).catch((error: unknown) => error as Refusal);
  if (!('code' in outcome)) throw new Error('the challenge passed');
  return outcome;
}

async function stored(): Promise<number> {
  const [row] = await platform.node.database.query<{ rows: number }>(
    `SELECT (SELECT count(*) FROM subscription WHERE url = $1)::int + (SELECT count(*) FROM subscription_secret s
       JOIN subscription p ON p.id = s.subscription_id WHERE p.url = $1)::int AS rows`,
    [receiver.url],
  );
  return row?.rows ?? -1;
}

async function logged(
  url = receiver.url,
): Promise<{ outcome: string; handshake: string; steps: ChallengeStep[] }[]> {
  return platform.node.database.query(
    'SELECT outcome, handshake, steps FROM challenge WHERE url = $1 ORDER BY id',
    [url],
  );
}

function failedStep({ extensions }: Refusal): StepName | undefined {
  return extensions.handshake.steps.find(({ status }) => status === 'failed')?.name;
}

test('with the secret of the caller the receiver proves that it holds it', async () => {
  const created = await create({ secret });
  expect(created.subscription).toMatchObject({ status: 'active', handshake: 'hmac', url: receiver.url });
  expect(created.secret).toBe(secret);
  expect(created.subscription.verifiedAt).toBeInstanceOf(Date);
  expect(receiver.requests).toHaveLength(1);
  expect(receiver.requests[0]).toMatchObject({ isChallenge: true, isVerified: true, method: 'POST' });
  expect(await logged()).toMatchObject([{ outcome: 'passed', handshake: 'hmac' }]);
});

test('the challenge names the subscription by the id that it gets', async () => {
  const { subscription } = await create({ secret });
  const { data } = JSON.parse(String(receiver.requests[0]?.body)) as { data: { subscription_id: string } };
  expect(data.subscription_id).toBe(toTypeId('sub', subscription.id));
});

test.each(['echo', 'echo-text'] as const)(
  'with a secret of ours the receiver repeats the code (%s)',
  async (proof) => {
    receiver.proof = proof;
    const { subscription, secret: made } = await create();
    expect(subscription).toMatchObject({ status: 'active', handshake: 'echo' });
    expect(made).toMatch(/^whsec_/);
  },
);

test('for ping any answer between 200 and 299 will do', async () => {
  receiver.proof = 'as-planned';
  receiver.behave({ status: 204 });
  expect((await create({ handshake: 'ping' })).subscription.status).toBe('active');
  receiver.behave(500);
  expect(failedStep(await refused({ handshake: 'ping' }))).toBe('status');
});

test('none asks nothing, and only the platform may choose it', async () => {
  const { subscription } = await create({ handshake: 'none' }, OPERATOR);
  expect(subscription).toMatchObject({ status: 'active', verifiedAt: null });
  expect(receiver.requests).toHaveLength(0);
  await expect(create({ handshake: 'none' })).rejects.toMatchObject({ kind: 'forbidden' });
});

test('headers of the subscription come with the challenge', async () => {
  await create({ secret, headers: { Authorization: 'Bearer receiver' } });
  expect(receiver.requests[0]?.headers['authorization']).toBe('Bearer receiver');
});

const failing: [string, Wish, Behaviour, StepName][] = [
  ['a 404', { secret }, 404, 'status'],
  ['an error of the receiver', { secret }, 500, 'status'],
  ['a redirect', { secret }, { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'status'],
  ['200 with an empty body', { secret }, 200, 'proof'],
  ['200 with an empty body (echo)', {}, 200, 'proof'],
  ['200 with another text', {}, { status: 200, body: 'ok' }, 'proof'],
  ['another code', {}, { status: 200, body: '{"challenge":"AAAAAAAAAAAAAAAAAAAAAA"}' }, 'proof'],
  ['a huge body', {}, { status: 200, body: Buffer.alloc(20_000_000, 'x') }, 'proof'],
  ['silence', { secret, timeoutMs: 1_000 }, { hang: true }, 'status'],
  ['a reset connection', { secret }, { reset: true }, 'status'],
];

test.each(failing)('%s fails the challenge, and nothing is stored', async (_what, wish, behaviour, step) => {
  receiver.proof = 'as-planned';
  receiver.behave(behaviour);
  const refusal = await refused(wish);
  expect(refusal).toMatchObject({ kind: 'invalid', code: 'challenge_failed' });
  expect(failedStep(refusal)).toBe(step);
  expect(refusal.extensions.handshake.steps.map(({ name }) => name)).toEqual(ALL_STEPS);
  expect(receiver.requests).toHaveLength(1);
  expect(await stored()).toBe(0);
  expect(await logged()).toMatchObject([{ outcome: 'failed' }]);
});

const ALL_STEPS = ['resolve', 'policy', 'connect', 'tls', 'status', 'proof'];

test('the steps of a failed challenge say how far it came and what to do', async () => {
  receiver.proof = 'as-planned';
  receiver.behave({ status: 301, headers: { location: 'https://example.com/new' } });
  const { steps } = (await refused({ secret })).extensions.handshake;
  expect(steps.map(({ status }) => status)).toEqual([
    'skipped',
    'passed',
    'passed',
    'skipped',
    'failed',
    'skipped',
  ]);
  expect(steps[4]?.detail).toMatch(
    /Answered 301 \(to https:\/\/example\.com\/new\).*Redirects are not followed/,
  );
});

test.each([401, 403])('who answers %i is told to give a secret, unless one was given', async (status) => {
  receiver.proof = 'as-planned';
  receiver.behave(status);
  const detailOf = ({ extensions }: Refusal): string | undefined => extensions.handshake.steps[4]?.detail;
  expect(detailOf(await refused())).toContain('give a secret of your own in the field `secret`');
  expect(detailOf(await refused({ secret }))).not.toContain('secret of your own');
  expect(detailOf(await refused({ secret, handshake: 'echo' }))).not.toContain('secret of your own');
});

test('a receiver that does not run is told so', async () => {
  await receiver.stop();
  const refusal = await refused({ secret });
  expect(failedStep(refusal)).toBe('connect');
  expect(refusal.extensions).toMatchObject({ errorType: 'connect_refused' });
  expect(await stored()).toBe(0);
});

test('a wrong response, one of another key and an unsigned echo do not prove the secret', async () => {
  receiver.proof = 'wrong';
  expect(failedStep(await refused({ secret }))).toBe('proof');
  receiver.proof = 'hmac';
  receiver.secret = newSecret();
  expect(failedStep(await refused({ secret }))).toBe('proof');
  receiver.proof = 'echo';
  expect(failedStep(await refused({ secret }))).toBe('proof');
  expect(await stored()).toBe(0);
});

interface Asked {
  readonly id: string;
  readonly timestamp: number;
  readonly body: Buffer;
  readonly code: string;
  readonly subscriptionId: string;
}
type Forger = (asked: Asked, before: Asked) => string;
const key = parseSecret(secret);
const proofFor = (asked: Asked, challenge = asked.code, response = ''): string =>
  JSON.stringify({
    challenge,
    response: response || challengeResponse(key, asked.subscriptionId, asked.code),
  });

const forgeries: [string, Forger][] = [
  ['the proof for the challenge before', (_asked, before) => proofFor(before)],
  ['the response before under the new code', (asked, before) => proofFor(before, asked.code)],
  ['the proof of another subscription', (asked) => proofFor({ ...asked, subscriptionId: 'sub_other' })],
  [
    'a delivery signature',
    (asked) => proofFor(asked, asked.code, signStandard({ ...asked, keys: [key] }).slice(3)),
  ],
];

test.each(forgeries)('%s is no proof, even from somebody who holds the secret', async (_what, forge) => {
  const seen: Asked[] = [];
  const forger = await listen((asked) => {
    seen.push(asked);
    return forge(asked, seen[0] ?? asked);
  });
  const url = `http://127.0.0.1:${(forger.address() as AddressInfo).port}/`;
  const attempts = [
    await refused({ url, secret, handshake: 'ping' }).catch(() => null),
    await refused({ url, secret }),
  ];
  expect(failedStep(attempts[1] as Refusal)).toBe('proof');
  forger.close();
});

test('a proof that is right passes the same way', async () => {
  const honest = await listen((asked) => proofFor(asked));
  const url = `http://127.0.0.1:${(honest.address() as AddressInfo).port}/`;
  expect((await create({ url, secret })).subscription.status).toBe('active');
  honest.close();
});

async function listen(answer: (asked: Asked) => string): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const { data } = JSON.parse(body.toString()) as {
        data: { subscription_id: string; challenge: string };
      };
      const id = String(request.headers['webhook-id']);
      const timestamp = Number(request.headers['webhook-timestamp']);
      response.end(
        answer({ id, timestamp, body, code: data.challenge, subscriptionId: data.subscription_id }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
