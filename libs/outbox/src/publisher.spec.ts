import { Test } from '@nestjs/testing';
import type { EntityManager } from 'typeorm';
import { expect, test } from 'vitest';
import { Publisher } from './publisher.js';
import { PublisherModule } from './publisher.module.js';
import { RecordingPublisher } from './recording-publisher.js';

const event = { type: 'guestbook.entry.created', data: { name: 'Ada' } };
const noTransaction = { queryRunner: undefined } as unknown as EntityManager;

test('an event outside of a transaction is a mistake of the program, said at once', async () => {
  await expect(new Publisher('guestbook').publish(noTransaction, event)).rejects.toThrow(
    /running transaction/,
  );
});

test('only a schema whose outbox is emptied can be published from', () => {
  expect(() => PublisherModule.forRoot({ schema: 'nowhere' })).toThrow(/outboxSchemas/);
  expect(() => PublisherModule.forRoot({ schema: 'guestbook; DROP TABLE event' })).toThrow(/outboxSchemas/);
});

test('no events need no transaction and no statement', async () => {
  await expect(new Publisher('guestbook').publish(noTransaction, [])).resolves.toEqual([]);
});

test('the double for tests records what was published and still refuses what could never be accepted', async () => {
  const module = await Test.createTestingModule({ imports: [PublisherModule.forTesting()] }).compile();
  const publisher = module.get(Publisher);
  const [published] = await publisher.publish(noTransaction, event);
  expect(published?.id).toMatch(/^evt_/);
  expect(module.get(RecordingPublisher).published).toMatchObject([event]);
  await expect(publisher.publish(noTransaction, { ...event, type: 'x' })).rejects.toThrow(/event type/);
});
