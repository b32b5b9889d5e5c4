import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { SubscriptionDirectory } from '#libs/subscriptions';
import { Engine } from '../deliveries/engine.js';
import { subscribe, unsubscribe } from './spoken.js';

const BUCKET = { project: 'mcs1', bucket: 'guestbook' };

let engine: Engine;
const subscribed: string[] = [];
beforeAll(async () => {
  engine = await Engine.start();
});
afterEach(async () => {
  engine.receiver.requests.length = 0;
  for (const id of subscribed.splice(0)) await unsubscribe(engine, id);
});
afterAll(() => engine.stop());

async function listen(config: object = {}): Promise<string> {
  const profileConfig = { ...BUCKET, ...config };
  const id = await subscribe(engine, { profile: 'mcs-s3', profileConfig, url: engine.receiver.url });
  subscribed.push(id);
  return id;
}

test('an entry is an object: its key, its size and its sum are those of the data', async () => {
  const id = await listen();
  const data = { id: 'ent_1', message: '"Type":"SubscriptionConfirmation"' };
  await engine.publish({ data, subject: 'ent_1' });
  const [request] = await engine.receiver.receives(1);
  const text = request?.body.toString() ?? '';
  const bytes = Buffer.from(JSON.stringify(data));
  expect(JSON.parse(text)).toEqual({
    Records: [
      {
        s3: {
          object: {
            eTag: createHash('md5').update(bytes).digest('hex'),
            sequencer: expect.any(Number),
            key: 'entries/ent_1.json',
            size: bytes.length,
          },
          configurationId: id,
          bucket: { name: 'guestbook', ownerIdentity: { principalId: 'mcs1' } },
          s3SchemaVersion: '1.0',
        },
        eventVersion: '1.0',
        requestParameters: { sourceIPAddress: '0.0.0.0' },
        userIdentity: { principalId: 'mcs1' },
        eventName: 's3:ObjectCreated:Put',
        awsRegion: 'bellhop',
        eventSource: 'aws:s3',
        responseElements: { 'x-amz-request-id': expect.stringMatching(/^[0-9A-F]{8}$/) },
      },
    ],
  });
  expect(text).not.toContain('"Type":"SubscriptionConfirmation"');
  expect(request?.rawHeaders).toContainEqual(['X-Amz-Sns-Message-Type', 'Notification']);
});

test('sequencers are whole numbers that grow with time', async () => {
  await listen();
  for (const second of [1, 2, 3]) await engine.publish({ timestamp: `2026-11-22T04:00:0${second}.000Z` });
  const requests = await engine.receiver.receives(3);
  const records = requests.map(({ body }) => JSON.parse(body.toString()) as Notification);
  const sequencers = records.map(({ Records: [record] }) => record.s3.object.sequencer);
  const times = sequencers.map((sequencer) => Math.floor(sequencer / 1024) % 10_000);
  expect(sequencers.every(Number.isSafeInteger)).toBe(true);
  expect(times.toSorted((one, other) => one - other)).toEqual([1000, 2000, 3000]);
});

interface Notification {
  readonly Records: readonly [{ readonly s3: { readonly object: { readonly sequencer: number } } }];
}

test.each([
  [{ prefix: 'entries/' }, 'guestbook.entry.created', true],
  [{ prefix: 'notes/' }, 'guestbook.entry.created', false],
  [{ suffix: '7.json' }, 'guestbook.entry.created', true],
  [{ suffix: '8.json' }, 'guestbook.entry.created', false],
  [{ events: ['s3:ObjectCreated:*'] }, 'guestbook.entry.created', true],
  [{ events: ['s3:ObjectCreated:Copy'] }, 'guestbook.entry.created', false],
  [{ events: ['s3:ObjectRemoved:*'] }, 'guestbook.entry.created', false],
  [{ events: ['s3:ObjectRemoved:Delete'] }, 'guestbook.entry.deleted', true],
  [{ prefix: 'entries/', events: ['s3:ObjectCreated:*'] }, 'guestbook.entry.deleted', false],
])('with %j the event %s is wanted: %s', async (config, type, isWanted) => {
  const id = await listen(config);
  const tenantId = engine.app.get(SubscriptionDirectory).target(id)?.tenantId ?? '';
  const event = { id, tenantId, type, subject: 'ent_7', timestamp: new Date(), data: Buffer.from('{}') };
  const wanting = engine.app.get(SubscriptionDirectory).wanting(event);
  expect(wanting.map((target) => target.id)).toEqual(isWanted ? [id] : []);
});
