import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type BrokerMessage,
  BrokerUnavailableError,
  type Disposition,
  type MessageBroker,
  QUEUES,
  type RedeliveryPolicy,
} from '#libs/messaging';
import { eventually } from '../support/eventually.js';
import { Gate, numbered, publishAll, Seen, sorted } from './consumers.js';

export interface DeadLetterSeen {
  readonly reason: string;
  readonly body: string;
}

export interface BrokerUnderTest {
  readonly broker: MessageBroker;
  /** All that is in the grave now. */
  deadLetters(): Promise<readonly DeadLetterSeen[]>;
  close(): Promise<void>;
}

export interface BrokerLimits {
  /** Messages that are neither taken nor confirmed before publishing is refused. */
  readonly capacity?: number;
  readonly redelivery: RedeliveryPolicy;
}

/** Quick enough to wait for, long enough to be told from no pause at all. */
const REDELIVERY: RedeliveryPolicy = { limit: 3, firstPauseMs: 80, maxPauseMs: 80 };
const LEAST_PAUSE_MS = 60;
const QUEUE = QUEUES.deliveries;

/** What every broker promises, whatever it is made of. */
export function brokerContract(name: string, open: (limits: BrokerLimits) => Promise<BrokerUnderTest>): void {
  describe(`the broker contract on ${name}`, () => {
    let subject: BrokerUnderTest;
    let broker: MessageBroker;

    beforeEach(async () => {
      subject = await open({ redelivery: REDELIVERY });
      broker = subject.broker;
    });

    afterEach(() => subject.close());

    test('a message whose publish resolved is there for a consumer that comes later', async () => {
      await broker.publish(QUEUE, Buffer.from('held'));
      const seen = new Seen();
      await broker.consume(QUEUE, seen.answering('ack'), { prefetch: 10 });
      await eventually(() => expect(seen.bodies).toEqual(['held']));
    });

    test('a handler never runs inside publish', async () => {
      const seen = new Seen();
      await broker.consume(QUEUE, seen.answering('ack'), { prefetch: 10 });
      const publishing = broker.publish(QUEUE, Buffer.from('later'));
      expect(seen.bodies).toEqual([]);
      await publishing;
      await eventually(() => expect(seen.bodies).toEqual(['later']));
    });

    test('each message reaches exactly one of two consumers, and both take part', async () => {
      const [first, second] = [new Seen(), new Seen()];
      await broker.consume(QUEUE, first.answering('ack'), { prefetch: 2 });
      await broker.consume(QUEUE, second.answering('ack'), { prefetch: 2 });
      const bodies = numbered(200);
      await publishAll(broker, bodies);
      await eventually(() => expect(first.bodies.length + second.bodies.length).toBe(200));
      expect(sorted([...first.bodies, ...second.bodies])).toEqual(sorted(bodies));
      expect(first.bodies.length).toBeGreaterThan(0);
      expect(second.bodies.length).toBeGreaterThan(0);
    });

    test('queues do not mix', async () => {
      const seen = new Seen();
      await broker.consume(QUEUES.events, seen.answering('ack'), { prefetch: 10 });
      await broker.publish(QUEUES.deliveries, Buffer.from('delivery'));
      await broker.publish(QUEUES.events, Buffer.from('event'));
      await eventually(() => expect(seen.bodies).toEqual(['event']));
      await eventually(() => expect(broker.depth(QUEUES.deliveries)).toBe(1));
    });

    test('a thousand messages arrive complete, in the order of their publishing', async () => {
      const seen = new Seen();
      await broker.consume(QUEUE, seen.answering('ack'), { prefetch: 100 });
      const bodies = numbered(1000);
      await publishAll(broker, bodies);
      await eventually(() => expect(seen.bodies.length).toBe(1000));
      expect(seen.bodies).toEqual(bodies);
    });

    test('a message of one mebibyte arrives unchanged', async () => {
      const big = Buffer.alloc(1024 * 1024, 'Aé\u0000');
      const bodies: Buffer[] = [];
      const keep = (message: BrokerMessage): Promise<Disposition> => {
        bodies.push(message.body);
        return Promise.resolve('ack');
      };
      await broker.consume(QUEUE, keep, { prefetch: 1 });
      await broker.publish(QUEUE, big);
      await eventually(() => expect(bodies.length).toBe(1));
      expect(bodies[0]?.equals(big)).toBe(true);
    });

    test('an empty message is a message', async () => {
      const seen = new Seen();
      await broker.consume(QUEUE, seen.answering('ack'), { prefetch: 1 });
      await broker.publish(QUEUE, Buffer.alloc(0));
      await eventually(() => expect(seen.bodies).toEqual(['']));
    });

    test('a message put back comes again, marked, after a pause', async () => {
      const seen = new Seen();
      await broker.consume(QUEUE, seen.answering('requeue', 'ack'), { prefetch: 5 });
      await broker.publish(QUEUE, Buffer.from('again'));
      await eventually(() => expect(seen.bodies).toEqual(['again', 'again']));
      expect(seen.redelivered).toEqual([false, true]);
      expect(seen.gapsMs[0]).toBeGreaterThanOrEqual(LEAST_PAUSE_MS);
    });

    test('a handler that throws gets the message again after a pause, then it is a dead letter with the error', async () => {
      const seen = new Seen();
      const fail = async (message: BrokerMessage): Promise<Disposition> => {
        await seen.answering('ack')(message);
        throw new Error('the database is away');
      };
      await broker.consume(QUEUE, fail, { prefetch: 5 });
      await broker.publish(QUEUE, Buffer.from('poison'));
      const [letter] = await eventually(() => someLetters(subject));
      expect(letter?.body).toBe('poison');
      expect(letter?.reason).toMatch(/3 deliveries.*the database is away/);
      expect(seen.bodies.length).toBe(REDELIVERY.limit);
      for (const gap of seen.gapsMs) expect(gap).toBeGreaterThanOrEqual(LEAST_PAUSE_MS);
    });

    test('a message that is refused becomes a dead letter and its neighbours are not disturbed', async () => {
      const seen = new Seen();
      const judge = async (message: BrokerMessage): Promise<Disposition> => {
        await seen.answering('ack')(message);
        return String(message.body) === 'bad' ? { deadLetter: 'it is bad' } : 'ack';
      };
      await broker.consume(QUEUE, judge, { prefetch: 5 });
      await publishAll(broker, ['good 1', 'bad', 'good 2']);
      const letters = await eventually(() => someLetters(subject));
      expect(letters).toEqual([{ reason: 'it is bad', body: 'bad' }]);
      expect(seen.bodies).toEqual(['good 1', 'bad', 'good 2']);
    });

    test('no more handlers run at once than the prefetch allows', async () => {
      const gate = new Gate();
      await broker.consume(QUEUE, gate.handler, { prefetch: 3 });
      await publishAll(broker, numbered(12));
      await eventually(() => expect(gate.running).toBe(3));
      await eventually(() => expect(broker.depth(QUEUE)).toBe(9));
      gate.openFor(12);
      await eventually(() => expect(gate.finished).toBe(12));
      expect(gate.most).toBe(3);
    });

    test('a slow message does not hold up more than its own place', async () => {
      const slow = new Gate();
      const seen = new Seen();
      const handler = (message: BrokerMessage): Promise<Disposition> =>
        String(message.body) === 'slow' ? slow.handler() : seen.answering('ack')(message);
      await broker.consume(QUEUE, handler, { prefetch: 2 });
      await publishAll(broker, ['slow', ...numbered(50)]);
      await eventually(() => expect(seen.bodies.length).toBe(50));
      expect(slow.running).toBe(1);
      slow.openFor(1);
    });

    test('stop waits for handlers in flight and takes nothing more', async () => {
      const gate = new Gate();
      const consumer = await broker.consume(QUEUE, gate.handler, { prefetch: 2 });
      await publishAll(broker, numbered(5));
      await eventually(() => expect(gate.running).toBe(2));
      const stopping = consumer.stop(5000);
      gate.openFor(2);
      await stopping;
      expect(gate.finished).toBe(2);
      const rest = new Seen();
      await broker.consume(QUEUE, rest.answering('ack'), { prefetch: 10 });
      await eventually(() => expect(sorted(rest.bodies)).toEqual(numbered(5).slice(2)));
    });

    test('what is unfinished after the grace goes back, and the late answer changes nothing', async () => {
      const gate = new Gate();
      const consumer = await broker.consume(QUEUE, gate.handler, { prefetch: 1 });
      await broker.publish(QUEUE, Buffer.from('unfinished'));
      await eventually(() => expect(gate.running).toBe(1));
      await consumer.stop(20);
      const next = new Seen();
      await broker.consume(QUEUE, next.answering('ack'), { prefetch: 1 });
      await eventually(() => expect(next.bodies).toEqual(['unfinished']));
      expect(next.redelivered).toEqual([true]);
      gate.openFor(1);
      await broker.publish(QUEUE, Buffer.from('next'));
      await eventually(() => expect(next.bodies).toEqual(['unfinished', 'next']));
    });

    test('a paused message goes back at once when its consumer stops', async () => {
      const seen = new Seen();
      const consumer = await broker.consume(QUEUE, seen.answering('requeue'), { prefetch: 1 });
      await broker.publish(QUEUE, Buffer.from('paused'));
      await eventually(() => expect(seen.bodies.length).toBeGreaterThan(0));
      await consumer.stop(5000);
      const next = new Seen();
      await broker.consume(QUEUE, next.answering('ack'), { prefetch: 1 });
      await eventually(() => expect(next.bodies).toEqual(['paused']));
    });

    test('depth counts what waits, and is zero when all is taken', async () => {
      await publishAll(broker, numbered(7));
      await eventually(() => expect(broker.depth(QUEUE)).toBe(7));
      await broker.consume(QUEUE, new Seen().answering('ack'), { prefetch: 10 });
      await eventually(() => expect(broker.depth(QUEUE)).toBe(0));
    });

    test('more than the capacity is refused by name at once, and what resolved arrives', async () => {
      const small = await open({ redelivery: REDELIVERY, capacity: 10 });
      try {
        const bodies = numbered(50);
        const results = await Promise.allSettled(
          bodies.map((body) => small.broker.publish(QUEUE, Buffer.from(body))),
        );
        const refusals = results.filter((result) => result.status === 'rejected');
        expect(refusals.length).toBe(40);
        for (const { reason } of refusals) expect(reason).toBeInstanceOf(BrokerUnavailableError);
        expect(String(refusals[0]?.reason)).toMatch(/over capacity/);
        const seen = new Seen();
        await small.broker.consume(QUEUE, seen.answering('ack'), { prefetch: 10 });
        await eventually(() => expect(seen.bodies).toEqual(bodies.slice(0, 10)));
        await small.broker.publish(QUEUE, Buffer.from('room again'));
      } finally {
        await small.close();
      }
    });

    test('a closed broker is not ready and refuses by name', async () => {
      expect(broker.isReady()).toBe(true);
      await broker.close();
      expect(broker.isReady()).toBe(false);
      await expect(broker.publish(QUEUE, Buffer.from('late'))).rejects.toBeInstanceOf(BrokerUnavailableError);
      await broker.close();
    });
  });
}

async function someLetters(subject: BrokerUnderTest): Promise<readonly DeadLetterSeen[]> {
  const letters = await subject.deadLetters();
  expect(letters.length).toBeGreaterThan(0);
  return letters;
}
