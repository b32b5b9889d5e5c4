import { Test } from '@nestjs/testing';
import { expect, test } from 'vitest';
import { ConfigModule, loadConfig } from '#libs/config';
import { MemoryBroker } from './memory/memory.broker.js';
import { MessageBroker } from './message-broker.js';
import { MessagingModule } from './messaging.module.js';
import { QUEUES } from './topology.js';

test('without RabbitMQ the module gives the memory broker, and the end of the app closes it', async () => {
  const app = await Test.createTestingModule({
    imports: [ConfigModule.forRoot(loadConfig({})), MessagingModule.forRoot()],
  }).compile();
  await app.init();
  const broker = app.get(MessageBroker);
  expect(broker).toBeInstanceOf(MemoryBroker);
  await app.close();
  expect(broker.isReady()).toBe(false);
  await expect(broker.publish(QUEUES.events, Buffer.from('late'))).rejects.toThrow(/closed/);
});
