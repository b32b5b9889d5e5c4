import { setTimeout as pause } from 'node:timers/promises';
import { type ChaosCase, notApplicable } from '../case.js';

const TIMEOUT_MS = 1000;
const CONCURRENCY = 20;
const EVERY_MS = 2000;
const RECEIVERS = 4;
const PER_SECOND = 30;
const KILLS = { embedded: 0, postgres: 10, full: 15 };

export const chaosCase: ChaosCase = {
  id: 'F06',
  name: 'random-kills',
  inject:
    'three processes that relay and dispatch, a random one of them killed each 2 s, under load from API and outbox',
  expect: 'nothing lost, and no more requests beyond the log than could be in flight at the kills',
  modes: {
    embedded: notApplicable(
      'There is one process, the only one that may open its data directory; F01 to F03 kill it at every moment.',
    ),
    postgres: 'run',
    full: 'run',
  },

  async run(stage) {
    // Given
    const platform = await stage.platform({ workers: 3, env: { BELLHOP_CONCURRENCY: String(CONCURRENCY) } });
    const { type, endpoints } = await stage.subscribeMany(RECEIVERS, { timeoutMs: TIMEOUT_MS });
    const publisher = stage.publisher();
    const load = publisher.load(type, PER_SECOND);

    // Inject
    const kills = KILLS[stage.mode];
    for (let kill = 0; kill < kills; kill += 1) {
      await publisher.commit(type, 5);
      const victim = stage.random.pick(platform.workers.filter(({ isRunning }) => isRunning));
      await victim.kill9();
      await Promise.all([victim.start(), pause(EVERY_MS)]);
    }
    await load.stop();

    // Expect
    stage.note(`${kills} kills, ${load.accepted} accepted, ${endpoints.length} receivers`);
    return stage.judge({ withinMs: 30_000 + stage.recoveryMs(TIMEOUT_MS), extraAtMost: kills * CONCURRENCY });
  },
};
