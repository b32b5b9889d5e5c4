import { describe, expect, test } from 'vitest';
import type { ReceivedRequest } from '../../support/receiver.js';
import type { Stage } from '../modes.js';

/** Retried every second; a short timeout makes for short leases, so that work whose worker died is found soon. */
const PATIENT = { retry: { scheduleSeconds: Array.from({ length: 30 }, () => 1) }, timeoutMs: 2000 };
/**
 * RabbitMQ 3.10 that is killed within about a second of a queue's declaration comes back with a queue that nobody can
 * consume from; that is its fault, and not what is tested here.
 */
const BROKER_SETTLES_MS = 4000;

export function crashScenarios(stage: Stage): void {
  describe('a crash', () => {
    test('50 events accepted while the receiver is down survive kill -9 of everything, and all arrive', async () => {
      const { receiver, type } = await stage.subscribed(PATIENT);
      await receiver.stop();
      await publishMany(stage, type, 50);
      await stage.platform.kill9();
      await receiver.restart();
      await stage.platform.restart();
      const requests = await receiver.receives(50, 60_000);
      expect(numbersOf(requests)).toEqual(upTo(50));
      expect(requests.every(({ isVerified }) => isVerified)).toBe(true);
    });

    test('what was in flight at a kill -9 is sent again under the same id', async () => {
      const { receiver, type } = await stage.subscribed(PATIENT);
      receiver.behave({ hang: true });
      const eventId = await stage.api.publish(type, { n: 0 });
      const [cut] = await receiver.receives(1);
      await stage.platform.kill9();
      receiver.behave(200);
      await stage.platform.restart();
      const [, again] = await receiver.receives(2, 75_000);
      expect(eventId).toMatch(/^evt_/);
      expect(again?.headers['webhook-id']).toBe(cut?.headers['webhook-id']);
      expect(again?.body).toEqual(cut?.body);
    });

    test('SIGTERM is a clean stop, and the data is there after the next start', async () => {
      const { receiver, type, subscriptionId } = await stage.subscribed();
      await stage.platform.terminate();
      const farewells = stage.platform.log.match(/"msg":"stopped"/g);
      expect(farewells).toHaveLength(stage.platform.pids.length);
      await stage.platform.restart();
      await stage.api.publish(type, { n: 0 });
      await receiver.receives(1);
      const answer = await stage.api.call('GET', `/v1/subscriptions/${subscriptionId}`);
      expect(answer).toMatchObject({ status: 200, body: { status: 'active' } });
    });
  });
}

export function orphanScenarios(stage: Stage): void {
  describe('a crash of Node alone', () => {
    test('the orphaned PostgreSQL is taken over by the next start', async () => {
      const { receiver, type } = await stage.subscribed();
      await stage.platform.kill9({ spareDatabase: true });
      await stage.platform.restart();
      await stage.api.publish(type, { n: 0 });
      await receiver.receives(1);
    });
  });
}

export function brokerScenarios(stage: Stage): void {
  describe('a crash of RabbitMQ', () => {
    test('SIGKILL of the broker in the middle of a stream of events loses none', async () => {
      const { receiver, type } = await stage.subscribed(PATIENT);
      const before = await publishFor(BROKER_SETTLES_MS, stage, type);
      await receiver.receives(5);
      await stage.platform.rabbit?.kill9();
      await publishMany(stage, type, 20, before);
      await stage.platform.rabbit?.restart();
      await publishMany(stage, type, 40, before + 20);
      await expect.poll(() => numbersOf(receiver.deliveries), { timeout: 75_000 }).toEqual(upTo(before + 60));
    });
  });
}

/** Publishes for so long; tells how many events it were. */
async function publishFor(ms: number, stage: Stage, type: string): Promise<number> {
  const until = performance.now() + ms;
  let count = 0;
  while (performance.now() < until) await stage.api.publish(type, { n: count++ });
  return count;
}

async function publishMany(stage: Stage, type: string, count: number, from = 0): Promise<void> {
  for (let n = from; n < from + count; n += 1) await stage.api.publish(type, { n });
}

/** Which events came, each once, however often it was sent. */
function numbersOf(requests: readonly ReceivedRequest[]): number[] {
  const numbers = requests.map(({ body }) => (JSON.parse(body.toString()) as { data: { n: number } }).data.n);
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}
