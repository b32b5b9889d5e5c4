import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { AmqpBroker, BrokerUnavailableError, type MessageBroker, QUEUES } from '#libs/messaging';
import { eventually } from '../support/eventually.js';
import { AmqpPlace } from '../support/rabbitmq/amqp-place.js';
import { type RabbitServer, startRabbit } from '../support/rabbitmq/index.js';
import { numbered, publishAll, Seen, sorted } from './consumers.js';

const QUEUE = QUEUES.deliveries;
const SLOW = 60_000;
/**
 * RabbitMQ writes its register of quorum queues half a second after a declaration. Killed before, it forgets where the
 * queue lives, and the queue answers nobody any more; that is a fault of RabbitMQ and not the one looked at here.
 */
const SETTLED_MS = 1500;

let rabbit: RabbitServer;
let place: AmqpPlace;

/** A broker of its own: these tests kill it. */
beforeAll(async () => {
  rabbit = await startRabbit();
}, 300_000);

afterAll(() => rabbit.stop(), 30_000);

beforeEach(() => {
  place = new AmqpPlace(rabbit.url);
});

afterEach(() => place.close(), 30_000);

describe('when RabbitMQ dies', () => {
  test(
    'everything that was confirmed is consumed, through two kills with publishes going on',
    async () => {
      const broker = await place.broker();
      const seen = new Seen();
      await broker.consume(QUEUE, seen.answering('ack'), { prefetch: 50 });
      const stream = new PublishStream(broker);
      for (let round = 1; round <= 2; round += 1) {
        const wanted = stream.confirmed.length + 300;
        await eventually(() => expect(stream.msSinceConfirmed(wanted)).toBeGreaterThan(SETTLED_MS), {
          timeoutMs: 20_000,
        });
        await rabbit.kill9();
        await eventually(() => expect(broker.isReady()).toBe(false), { timeoutMs: 2000 });
        await eventually(() => expect(stream.refusals.length).toBeGreaterThan(0));
        await rabbit.restart();
      }
      const wanted = stream.confirmed.length + 300;
      await eventually(() => expect(stream.confirmed.length).toBeGreaterThan(wanted), { timeoutMs: 20_000 });
      await stream.stop();
      for (const refusal of stream.refusals) expect(refusal).toBeInstanceOf(BrokerUnavailableError);
      await eventually(() => {
        const arrived = new Set(seen.bodies);
        expect(stream.confirmed.filter((body) => !arrived.has(body))).toEqual([]);
      });
    },
    SLOW,
  );

  test(
    'an outage is answered at once after a second, by name, logged once and without the password',
    async () => {
      const lines = await linesLoggedDuring(async () => {
        const broker = await place.broker();
        const declaredAt = performance.now();
        await eventually(() => expect(performance.now() - declaredAt).toBeGreaterThan(SETTLED_MS));
        await rabbit.kill9();
        await eventually(() => expect(broker.isReady()).toBe(false));
        const first = broker.publish(QUEUE, Buffer.from('waits a little'));
        await expect(first).rejects.toBeInstanceOf(BrokerUnavailableError);
        const begin = performance.now();
        await expect(broker.publish(QUEUE, Buffer.from('refused'))).rejects.toThrow(/no connection/);
        expect(performance.now() - begin).toBeLessThan(100);
        await rabbit.restart();
        await eventually(() => expect(broker.isReady()).toBe(true), { timeoutMs: 15_000 });
      });
      const outages = lines.filter((line) => /No connection to .*publishing/.test(line));
      expect(outages.length).toBe(1);
      expect(lines.join('\n')).not.toContain('guest');
    },
    SLOW,
  );

  test(
    'a platform that starts before RabbitMQ works as soon as RabbitMQ is there',
    async () => {
      await rabbit.kill9();
      const broker = new AmqpBroker({ url: rabbit.url, prefix: place.prefix });
      const seen = new Seen();
      const consumer = await broker.consume(QUEUE, seen.answering('ack'), { prefetch: 5 });
      expect(broker.isReady()).toBe(false);
      await rabbit.restart();
      await eventually(() => expect(broker.isReady()).toBe(true), { timeoutMs: 15_000 });
      await broker.publish(QUEUE, Buffer.from('at last'));
      await eventually(() => expect(seen.bodies).toEqual(['at last']));
      await consumer.stop(1000);
      await broker.close();
    },
    SLOW,
  );

  test(
    'work in hand when the connection is lost comes again, and its late answer is ignored',
    async () => {
      const broker = await place.broker();
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      const seen = new Seen();
      const handler = async (message: Parameters<ReturnType<Seen['answering']>>[0]) => {
        await seen.answering('ack')(message);
        if (seen.bodies.length === 1) await held;
        return 'ack' as const;
      };
      await broker.consume(QUEUE, handler, { prefetch: 1 });
      await broker.publish(QUEUE, Buffer.from('in hand'));
      await eventually(() => expect(seen.bodies.length).toBe(1));
      await rabbit.ctl('close_all_connections', 'test');
      await eventually(() => expect(seen.bodies).toEqual(['in hand', 'in hand']), { timeoutMs: 15_000 });
      release();
      await eventually(() => expect(broker.isReady()).toBe(true));
      await broker.publish(QUEUE, Buffer.from('next'));
      await eventually(() => expect(seen.bodies).toEqual(['in hand', 'in hand', 'next']));
    },
    SLOW,
  );
});

describe('when RabbitMQ is alive and does not behave', () => {
  test('a broker that stops answering is a refused publish after the deadline, and close does not hang', async () => {
    const broker = await place.broker({ deadlineMs: 400 });
    process.kill(rabbit.pid, 'SIGSTOP');
    try {
      await expect(broker.publish(QUEUE, Buffer.from('no answer'))).rejects.toThrow(
        /did not confirm in time/,
      );
      const begin = performance.now();
      await broker.close();
      expect(performance.now() - begin).toBeLessThan(5000);
    } finally {
      process.kill(rabbit.pid, 'SIGCONT');
    }
  });

  test('queues deleted under us are declared again: the publish succeeds and consumers come back', async () => {
    const broker = await place.broker();
    const seen = new Seen();
    await broker.consume(QUEUE, seen.answering('ack'), { prefetch: 5 });
    await publishAll(broker, ['before']);
    await eventually(() => expect(seen.bodies).toEqual(['before']));
    const channel = await place.channel();
    for (const queue of Object.values(QUEUES)) await channel.deleteQueue(place.prefix + queue);
    await publishAll(broker, numbered(20));
    // A queue that was declared again this moment may not answer for a while; setting up is then tried anew after 15 s.
    const all = sorted(['before', ...numbered(20)]);
    await eventually(() => expect(sorted(seen.bodies)).toEqual(all), { timeoutMs: 45_000 });
    await eventually(() => expect(broker.depth(QUEUE)).toBe(0));
  }, 60_000);

  test('a queue deleted with nobody consuming is noticed by whoever watches its depth', async () => {
    const broker = await place.broker();
    await eventually(async () => {
      broker.depth(QUEUE);
      const channel = await place.channel();
      await channel.checkQueue(place.prefix + QUEUE);
    });
    const channel = await place.channel();
    await channel.deleteQueue(place.prefix + QUEUE);
    await eventually(async () => {
      broker.depth(QUEUE);
      const look = await place.channel();
      await look.checkQueue(place.prefix + QUEUE);
    });
  });

  test(
    'a memory alarm refuses publishes at once by name while consumers go on, and passes',
    async () => {
      const broker = await place.broker({ deadlineMs: 3000 });
      await publishAll(broker, numbered(5));
      await rabbit.ctl('set_vm_memory_high_watermark', '0.00001');
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
        await rabbit.ctl('set_vm_memory_high_watermark', '0.6');
      }
      await eventually(() => expect(broker.isReady()).toBe(true));
      await broker.publish(QUEUE, Buffer.from('room again'));
    },
    SLOW,
  );
});

/** Publishes without end, a few at once, and keeps what was confirmed. */
class PublishStream {
  readonly confirmed: string[] = [];
  readonly refusals: unknown[] = [];
  private isRunning = true;
  private count = 0;
  private readonly confirmedAt: number[] = [];
  private readonly lanes: Promise<void>[];

  constructor(private readonly broker: MessageBroker) {
    this.lanes = Array.from({ length: 20 }, () => this.run());
  }

  /** How long ago the nth confirm came; nothing when it has not. */
  msSinceConfirmed(count: number): number {
    const at = this.confirmedAt[count - 1];
    return at === undefined ? 0 : performance.now() - at;
  }

  async stop(): Promise<void> {
    this.isRunning = false;
    await Promise.all(this.lanes);
  }

  private async run(): Promise<void> {
    while (this.isRunning) {
      this.count += 1;
      const body = `message ${this.count}`;
      try {
        await this.broker.publish(QUEUE, Buffer.from(body));
        this.confirmed.push(body);
        this.confirmedAt.push(performance.now());
      } catch (error) {
        this.refusals.push(error);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }
}

async function linesLoggedDuring(work: () => Promise<void>): Promise<string[]> {
  const lines: string[] = [];
  const keep = (line: unknown): void => void lines.push(String(line));
  const spies = (['log', 'warn', 'error'] as const).map((level) =>
    vi.spyOn(Logger.prototype, level).mockImplementation(keep),
  );
  try {
    await work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return lines;
}
