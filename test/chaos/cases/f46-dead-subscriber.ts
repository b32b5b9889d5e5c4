import { setTimeout as pause } from 'node:timers/promises';
import { toTypeId } from '#libs/kernel';
import { type ChaosCase, everywhere } from '../case.js';
import { plantPending } from '../load/planted.js';
import type { ChaosPlatform } from '../platform/chaos-platform.js';
import type { Endpoint } from '../sink/endpoint.js';

const HEALTHY = 20;
const EVENTS_PER_SECOND = 10;
const MEASURED_MS = 5000;
const DEAD_BACKLOG = 5000;
/** Below this the machine decides, and not the dead one. */
const NOISE_MS = 75;

export const chaosCase: ChaosCase = {
  id: 'F46',
  name: 'dead-subscriber',
  inject: 'a subscriber that never answers, with 5,000 deliveries due, beside 20 healthy ones',
  expect: "the healthy ones' p99 is no more than twice what it was without it",
  modes: everywhere('run'),

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const { type, endpoints } = await stage.subscribeMany(HEALTHY, { timeoutMs: 5000 });
    const healthy = { platform, type, endpoints };
    const load = stage.publisher().load(type, EVENTS_PER_SECOND);
    await endpoints[0]?.delivers(10);
    const before = await p99During(healthy);

    // Inject
    const dead = await stage.subscribe({ timeoutMs: 1000 });
    await dead.endpoint.behave({ hang: true });
    await plantPending({ platform, book: stage.book, type: dead.type, events: DEAD_BACKLOG });
    await dead.endpoint.receives(2);
    const beside = await p99During(healthy);
    await load.stop();

    // Expect
    stage.note(`p99 ${before} ms before, ${beside} ms beside it`);
    if (beside > 2 * Math.max(before, NOISE_MS))
      throw new Error(`I6: p99 went from ${before} to ${beside} ms`);
    await Promise.all(endpoints.map((endpoint) => endpoint.delivers(load.accepted)));
    await platform.call('DELETE', `/v1/subscriptions/${dead.id}`);
    return stage.judge({ mayRemain: ['discarded'] });
  },
};

interface Healthy {
  readonly platform: ChaosPlatform;
  readonly type: string;
  readonly endpoints: readonly Endpoint[];
}

/** From the publisher's request to the receiver's, of the events of the next seconds. */
async function p99During({ platform, type, endpoints }: Healthy): Promise<number> {
  const from = Date.now();
  await pause(MEASURED_MS);
  const rows = await platform.sql.read<{ id: string; at: Date }>(
    'SELECT id, occurred_at AS at FROM event WHERE type = $1 AND occurred_at > $2',
    [type, new Date(from)],
  );
  const sentAt = new Map(rows.map(({ id, at }) => [toTypeId('evt', id), at.getTime()]));
  const records = (await Promise.all(endpoints.map((endpoint) => endpoint.requests()))).flat();
  const took = records.flatMap(({ id, at }) => {
    const sent = sentAt.get(id);
    return sent === undefined ? [] : [at - sent];
  });
  return took.toSorted((a, b) => a - b)[Math.floor(took.length * 0.99)] ?? Infinity;
}
