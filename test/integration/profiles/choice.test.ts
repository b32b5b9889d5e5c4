import { afterAll, beforeAll, expect, test } from 'vitest';
import { SubscriptionDirectory, SubscriptionsService } from '#libs/subscriptions';
import { Engine } from '../deliveries/engine.js';
import { OPERATOR, SECRET, subscribe } from './spoken.js';

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.start();
});
afterAll(() => engine.stop());

const service = (): SubscriptionsService => engine.app.get(SubscriptionsService);
const request = (id: string) => ({ ...OPERATOR, id });
const GRAPH = { profile: 'msgraph', profileConfig: { resource: 'entries' } } as const;

test('a subscription shows how it is spoken to, with what the platform filled in, and its secret never again', async () => {
  const wish = { url: engine.receiver.url, eventTypes: ['*'], handshake: 'none' } as const;
  const { subscription, secret } = await service().create(OPERATOR, {
    ...wish,
    profile: 'cloudevents',
    signers: ['rfc9421'],
    framing: 'chunked',
  });
  expect(subscription).toMatchObject({
    profile: 'cloudevents',
    profileConfig: { origin: 'localhost' },
    signers: ['rfc9421'],
    envelope: null,
    framing: 'chunked',
  });
  expect(JSON.stringify(subscription)).not.toContain(secret.slice(6, 30));
});

test('an asymmetric secret stays here: its owner gets the shared half once, and sees the public key always', async () => {
  const { subscription, secret } = await service().create(OPERATOR, {
    url: engine.receiver.url,
    eventTypes: ['*'],
    handshake: 'none',
    profileConfig: { asymmetric: true },
  });
  expect(secret).toMatch(/^whsec_[^ ]+$/);
  expect(subscription.secrets).toMatchObject([{ publicKey: expect.stringMatching(/^whpk_/) }]);
  const rotated = await service().rotateSecret(request(subscription.id));
  expect(rotated.subscription.secrets.map(({ publicKey }) => publicKey?.slice(0, 5))).toEqual([
    'whpk_',
    'whpk_',
  ]);
});

test.each([
  [{ profile: 'preservica' }, 'profileConfig.trigger'],
  [{ profile: 'preservica', profileConfig: { trigger: 'MOVED' }, framing: 'content-length' }, 'framing'],
  [{ profile: 'kloudless', profileConfig: { appId: 'a', account: '1' }, envelope: 'data' }, 'envelope'],
  [{ profile: 'standard', signers: ['standard'] }, 'signers'],
  [{ profile: 'github', handshake: 'hmac' }, 'handshake'],
] as const)('%j is refused at once, with a pointer to %s', async (choice, field) => {
  const wish = { url: engine.receiver.url, eventTypes: ['*'], handshake: 'none', ...choice } as const;
  await expect(service().create(OPERATOR, wish)).rejects.toMatchObject({
    code: 'validation_failed',
    errors: [{ field }],
  });
});

test.each([
  ['preservica', { trigger: 'MOVED' }, 'clé'],
  ['preservica', { trigger: 'MOVED' }, 'a "quoted" secret'],
  ['standard', {}, 'whsec_short'],
  ['standard', {}, `whsec_${Buffer.alloc(32, 0xfb).toString('base64url')}`],
])(
  'the profile %s refuses the secret %j that its receivers could not use',
  async (profile, profileConfig, secret) => {
    const wish = { url: engine.receiver.url, profile, profileConfig, secret };
    const error: unknown = await subscribe(engine, wish).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'invalid', code: 'invalid_secret', errors: [{ field: 'secret' }] });
    expect(JSON.stringify(error)).not.toContain(secret);
  },
);

test('a change of one part leaves the others; a change of profile forgets its fields', async () => {
  const id = await subscribe(engine, { url: engine.receiver.url, ...GRAPH, signers: ['rfc9421'] });
  const renamed = await service().patch(request(id), { profileConfig: { resource: 'notes' } });
  expect(renamed).toMatchObject({ ...GRAPH, profileConfig: { resource: 'notes' }, signers: ['rfc9421'] });
  const changed = await service().patch(request(id), { profile: 'guestbook-flat' });
  expect(changed).toMatchObject({ profile: 'guestbook-flat', profileConfig: {}, handshake: 'none' });
  await engine.app.get(SubscriptionDirectory).refresh();
  expect(engine.app.get(SubscriptionDirectory).target(id)?.dialect.profile).toBe('guestbook-flat');
});

test('a profile that cannot read the secrets there are is refused, and nothing changes', async () => {
  const id = await subscribe(engine, { url: engine.receiver.url, profile: 'github', secret: 'a plain text' });
  await expect(service().patch(request(id), { profile: 'standard' })).rejects.toMatchObject({
    code: 'invalid_secret',
  });
  expect(await service().get(request(id))).toMatchObject({ profile: 'github' });
  await service().rotateSecret({ ...request(id), secret: SECRET, overlapSeconds: 0 });
  expect(await service().patch(request(id), { profile: 'standard' })).toMatchObject({ profile: 'standard' });
});

test('a subscription that this version cannot speak is sent nothing, and the others go on', async () => {
  const [id, other] = [
    await subscribe(engine, { url: engine.receiver.url }),
    await subscribe(engine, { url: engine.receiver.url }),
  ];
  await engine.db.query(`UPDATE subscription SET profile = 'of-the-future' WHERE id = $1`, [id]);
  const directory = engine.app.get(SubscriptionDirectory);
  await directory.refresh();
  expect(directory.target(id)).toMatchObject({ keysUnavailable: true });
  expect(directory.target(other)).toMatchObject({ keysUnavailable: false });
});
