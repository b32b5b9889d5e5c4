import { describe, expect, test } from 'vitest';
import { QUEUES } from '#libs/messaging';
import { eventually } from '../support/eventually.js';
import { numbered, publishAll, Seen, sorted } from './consumers.js';
import { OwnRabbit } from './own-rabbit.js';

const QUEUE = QUEUES.deliveries;
const SLOW = 60_000;

const own = new OwnRabbit();

describe('when RabbitMQ is alive and does not behave', () => {
  test('a broker that stops answering is a refused publish after the deadline, and close does not hang', async () => {
    const broker = await own.place.broker({ deadlineMs: 400 });
    try {
      await own.freeze();
      await expect(broker.publish(QUEUE, Buffer.from('no answer'))).rejects.toThrow(
        /did not confirm in time/,
      );
      const begin = performance.now();
      await broker.close();
      expect(performance.now() - begin).toBeLessThan(5000);
    } finally {
      process.kill(own.rabbit.pid, 'SIGCONT');
    }
  });

  test(
    'queues deleted under us are declared again: the publish succeeds and consumers come back',
    async () => {
      const broker = await own.place.broker();
      const seen = new Seen();
      await broker.consume(QUEUE, seen.answering('ack'), { prefetch: 5 });
      await publishAll(broker, ['before']);
      await eventually(() => expect(seen.bodies).toEqual(['before']));
      const channel = await own.place.channel();
      for (const queue of Object.values(QUEUES)) await channel.deleteQueue(own.place.prefix + queue);
      await publishAll(broker, numbered(20));
      // A queue that was declared again this moment may not answer for a while; setting up is then tried anew after 15 s.
      const all = sorted(['before', ...numbered(20)]);
      await eventually(() => expect(sorted(seen.bodies)).toEqual(all), { timeoutMs: 45_000 });
      await eventually(() => expect(broker.depth(QUEUE)).toBe(0));
    },
    SLOW,
  );

  test('a queue deleted with nobody consuming is noticed by whoever watches its depth', async () => {
    const broker = await own.place.broker();
    await eventually(async () => {
      broker.depth(QUEUE);
      const channel = await own.place.channel();
      await channel.checkQueue(own.place.prefix + QUEUE);
    });
    const channel = await own.place.channel();
    await channel.deleteQueue(own.place.prefix + QUEUE);
    await eventually(async () => {
      broker.depth(QUEUE);
      const look = await own.place.channel();
      await look.checkQueue(own.place.prefix + QUEUE);
    });
  });

  test(
    'a memory alarm refuses publishes at once by name while consumers go on, and passes',
    async () => {
      const broker = await own.place.broker({ deadlineMs: 3000 });
      // RabbitMQ may end a connection by a fault of its own (see below); whoever publishes then tries again.
      await eventually(() => publishAll(broker, numbered(5)));
      await own.rabbit.ctl('set_vm_memory_high_watermark', '0.00001');
      try {
        // RabbitMQ tells a connection of the alarm when it publishes the next time.
        await eventually(async () => {
          broker.publish(QUEUE, Buffer.from('unlucky')).catch(() => undefined);
          await Promise.resolve();
          expect(broker.isReady()).toBe(false);
        });
        await expect(broker.publish(QUEUE, Buffer.from('x'))).rejects.toThrow(/takes no messages/);
        const seen = new Seen();
        await broker.consume(QUEUE, seen.answering('ack'), { prefetch: 5 });
        await eventually(() => expect(seen.bodies).toEqual(expect.arrayContaining(numbered(5))));
      } finally {
        await own.rabbit.ctl('set_vm_memory_high_watermark', '0.6');
      }
      await eventually(() => broker.publish(QUEUE, Buffer.from('room again')));
      expect(broker.isReady()).toBe(true);
    },
    SLOW,
  );

  test(
    'a connection that RabbitMQ ends by a fault of its own is refused publishes that say so, and comes back',
    async () => {
      const broker = await own.place.broker();
      const causes: string[] = [];
      const publish = (text: string): Promise<unknown> =>
        broker.publish(QUEUE, Buffer.from(text)).catch(({ cause }: Error) => causes.push(String(cause)));
      const publishDuringCrash = async (): Promise<void> => {
        let isOver = false;
        const crash = own.rabbit
          .ctl('eval', '[exit(C, kill) || C <- rabbit_channel:list_local()].')
          .finally(() => (isOver = true));
        // Without a pause, so that some wait for their confirm when the channel dies.
        while (!isOver) await Promise.all(numbered(20).map(publish));
        await crash;
      };
      // By chance the last confirms come together with the end of the connection: then nobody waited for one.
      while (causes.length === 0) await publishDuringCrash();
      expect(causes.join()).toContain('INTERNAL_ERROR');
      await eventually(() => broker.publish(QUEUE, Buffer.from('back')));
    },
    SLOW,
  );
});
