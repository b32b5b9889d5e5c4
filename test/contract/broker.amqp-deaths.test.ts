import { Logger } from '@nestjs/common';
import { describe, expect, test, vi } from 'vitest';
import { AmqpBroker, BrokerUnavailableError, type MessageBroker, QUEUES } from '#libs/messaging';
import { eventually } from '../support/eventually.js';
import { Seen } from './consumers.js';
import { OwnRabbit } from './own-rabbit.js';

const QUEUE = QUEUES.deliveries;
/** RabbitMQ takes six seconds to start, and some times that while other tests start their programs. */
const SLOW = 150_000;
/**
 * RabbitMQ writes its register of quorum queues half a second after a declaration. Killed before, it forgets where the
 * queue lives, and the queue answers nobody any more; that is a fault of RabbitMQ and not the one looked at here.
 */
const SETTLED_MS = 1500;

const own = new OwnRabbit();

describe('when RabbitMQ dies', () => {
  test(
    'everything that was confirmed is consumed, through two kills with publishes going on',
    async () => {
      const broker = await own.place.broker();
      const seen = new Seen();
      await broker.consume(QUEUE, seen.answering('ack'), { prefetch: 50 });
      const stream = new PublishStream(broker);
      for (let round = 1; round <= 2; round += 1) {
        const wanted = stream.confirmed.length + 300;
        await eventually(() => expect(stream.msSinceConfirmed(wanted)).toBeGreaterThan(SETTLED_MS), {
          timeoutMs: 20_000,
        });
        await own.rabbit.kill9();
        await eventually(() => expect(broker.isReady()).toBe(false), { timeoutMs: 2000 });
        await eventually(() => expect(stream.refusals.length).toBeGreaterThan(0));
        await own.rabbit.restart();
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
        const broker = await own.place.broker();
        const declaredAt = performance.now();
        await eventually(() => expect(performance.now() - declaredAt).toBeGreaterThan(SETTLED_MS));
        await own.rabbit.kill9();
        await eventually(() => expect(broker.isReady()).toBe(false));
        const first = broker.publish(QUEUE, Buffer.from('waits a little'));
        await expect(first).rejects.toBeInstanceOf(BrokerUnavailableError);
        const begin = performance.now();
        await expect(broker.publish(QUEUE, Buffer.from('refused'))).rejects.toThrow(/no connection/);
        expect(performance.now() - begin).toBeLessThan(100);
        await own.rabbit.restart();
        await eventually(() => expect(broker.isReady()).toBe(true), { timeoutMs: 30_000 });
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
      await own.rabbit.kill9();
      const broker = new AmqpBroker({ url: own.rabbit.url, prefix: own.place.prefix });
      const seen = new Seen();
      const consumer = await broker.consume(QUEUE, seen.answering('ack'), { prefetch: 5 });
      expect(broker.isReady()).toBe(false);
      await own.rabbit.restart();
      await eventually(() => expect(broker.isReady()).toBe(true), { timeoutMs: 30_000 });
      await broker.publish(QUEUE, Buffer.from('at last'));
      await eventually(() => expect(seen.bodies).toEqual(['at last']));
      await consumer.stop(1000);
      await broker.close();
    },
    SLOW,
  );

  test(
    'a queue that RabbitMQ forgot at its death is named in the log and made anew',
    async () => {
      const lines = await linesLoggedDuring(async () => {
        const broker = await own.place.broker();
        const seen = new Seen();
        await broker.consume(QUEUE, seen.answering('ack'), { prefetch: 5 });
        await broker.publish(QUEUE, Buffer.from('before'));
        await own.rabbit.kill9();
        await own.rabbit.restart();
        const isBack = async (): Promise<void> => {
          await broker.publish(QUEUE, Buffer.from('after'));
          expect(seen.bodies).toContain('after');
        };
        await eventually(isBack, { timeoutMs: 90_000, everyMs: 250 });
      });
      expect(lines.join('\n')).toMatch(/The queue .*deliveries answers nobody/);
    },
    SLOW,
  );

  test(
    'work in hand when the connection is lost comes again, and its late answer is ignored',
    async () => {
      const broker = await own.place.broker();
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
      await own.rabbit.ctl('close_all_connections', 'test');
      await eventually(() => expect(seen.bodies).toEqual(['in hand', 'in hand']), { timeoutMs: 30_000 });
      release();
      await eventually(() => expect(broker.isReady()).toBe(true));
      await broker.publish(QUEUE, Buffer.from('next'));
      await eventually(() => expect(seen.bodies).toEqual(['in hand', 'in hand', 'next']));
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
