import { afterAll, beforeAll, expect, test } from 'vitest';
import { SubscriptionDirectory, SubscriptionsService } from '#libs/subscriptions';
import { Engine } from '../deliveries/engine.js';
import { OPERATOR, SECRET, subscribe } from './spoken.js';
import { headerOf, OK, parted, WireReceiver } from './wire-receiver.js';

let engine: Engine;
let receiver: WireReceiver;
beforeAll(async () => {
  [engine, receiver] = await Promise.all([Engine.start(), WireReceiver.start()]);
});
afterAll(() => Promise.all([receiver.stop(), engine.stop()]));

const service = (): SubscriptionsService => engine.app.get(SubscriptionsService);
const request = (id: string) => ({ ...OPERATOR, id });
const wish = (choice: object, headers: Record<string, string>) => ({
  url: receiver.url,
  eventTypes: ['guestbook.*'],
  secret: SECRET,
  handshake: 'none' as const,
  headers,
  ...choice,
});

test.each([
  [{ profile: 'github' }, 'x-hub-signature-256'],
  [{ profile: 'github' }, 'X-GitHub-Delivery'],
  [{ profile: 'stripe' }, 'Stripe-Signature'],
  [{ profile: 'slack', signers: ['rfc9421'] }, 'signature-input'],
  [{ profile: 'slack' }, 'x-slack-retry-num'],
  [{ profile: 'okta' }, 'authorization'],
  [{ profile: 'cloudevents', profileConfig: { mode: 'binary' } }, 'ce-subject'],
  [{ profile: 'custom-hmac', profileConfig: { header: 'X-Sum' } }, 'x-sum'],
])('with %j nobody can set the header %s', async (choice, name) => {
  await expect(service().create(OPERATOR, wish(choice, { [name]: 'forged' }))).rejects.toMatchObject({
    code: 'validation_failed',
    errors: [{ field: `headers.${name}` }],
  });
});

test('a header that another profile sets is an ordinary one, until that profile is wanted', async () => {
  const created = await service().create(OPERATOR, wish({ profile: 'github' }, { 'X-Slack-Signature': 'x' }));
  const { id } = created.subscription;
  await expect(service().patch(request(id), { profile: 'slack' })).rejects.toMatchObject({
    errors: [{ field: 'headers.X-Slack-Signature' }],
  });
  await expect(service().patch(request(id), { headers: { 'x-github-event': 'push' } })).rejects.toMatchObject(
    { errors: [{ field: 'headers.x-github-event' }] },
  );
  await service().patch(request(id), { profile: 'slack', headers: {} });
  await service().remove(request(id));
});

test('a header that was stored when nobody looked neither replaces a signature nor doubles it', async () => {
  receiver.answer(OK);
  const id = await subscribe(engine, { profile: 'github', url: receiver.url });
  const headers = {
    'x-hub-signature-256': 'sha256=forged',
    'X-Hub-Signature-256': 'forged',
    'X-Own': 'kept',
  };
  await engine.db.query('UPDATE subscription SET headers = $2 WHERE id = $1', [id, headers]);
  await engine.app.get(SubscriptionDirectory).refresh();
  await engine.publish();
  const [sent = ''] = await receiver.receives(1);
  expect(parted(sent).head.match(/x-hub-signature-256:/gi)).toHaveLength(1);
  expect(headerOf(sent, 'X-Hub-Signature-256')).toMatch(/^sha256=[0-9a-f]{64}$/);
  expect(headerOf(sent, 'X-Own')).toBe('kept');
  await service().remove(request(id));
});
