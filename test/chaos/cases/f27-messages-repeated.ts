import { QUEUES } from '#libs/messaging';
import { type ChaosCase, onlyFull } from '../case.js';
import type { ChaosPlatform } from '../platform/chaos-platform.js';
import type { Stage } from '../stage.js';

const COUNT = 50;
const COPIES = 10;

/**
 * Nothing in RabbitMQ tells a copy from an original, and a dispatcher knows only what it had itself: among two of them
 * a delivery whose copies reach both is sent by both. The platform itself never publishes a message of deliveries twice.
 */
export const chaosCase: ChaosCase = {
  id: 'F27',
  name: 'messages-repeated',
  inject: 'each message of deliveries ten times, in any order',
  expect: 'one request each from one dispatcher; from two that both get copies no more than one each',
  modes: onlyFull('fast'),

  async run(stage) {
    const platform = await stage.platform();
    const [first, second] = platform.workers;
    if (first === undefined || second === undefined) throw new Error('this case has two dispatchers');
    const { type, endpoint } = await stage.subscribe({ timeoutMs: 10_000 });
    await second.kill9();
    await first.kill9();

    // One dispatcher
    const once = await repeatWhatWaits(stage, platform, type);
    await first.start();
    await endpoint.delivers(once);
    await stage.judge();

    // Two
    await first.kill9();
    const again = await repeatWhatWaits(stage, platform, type);
    await platform.heal();
    await endpoint.delivers(once + again);
    return stage.judge({ extraAtMost: again });
  },
};

/** Publishes while nobody takes messages, and puts each back ten times. Tells how many events it published. */
async function repeatWhatWaits(stage: Stage, platform: ChaosPlatform, type: string): Promise<number> {
  const queues = await platform.openQueues();
  let published = 0;
  // What broke RabbitMQ a moment ago may make the API leave work to PostgreSQL for a little longer.
  await stage.eventually(
    async () => {
      published += (await stage.publisher().publish(type, 1)).length;
      if ((await queues.waiting(QUEUES.deliveries)) === 0) throw new Error('no message waits');
    },
    { everyMs: 100 },
  );
  published += (await stage.publisher().publish(type, COUNT, { atOnce: 4 })).length;
  const taken = await queues.takeAll(QUEUES.deliveries);
  if (taken.length < 5) throw new Error(`only ${taken.length} messages waited`);
  const copies = taken.flatMap(({ content }) => Array.from({ length: COPIES }, () => content));
  const shuffled = copies
    .map((content) => ({ content, at: stage.random.next() }))
    .toSorted((a, b) => a.at - b.at);
  await queues.put(
    QUEUES.deliveries,
    shuffled.map(({ content }) => content),
  );
  await queues.close();
  return published;
}
