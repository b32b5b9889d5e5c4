import { type ChaosCase, everywhere } from '../case.js';
import type { CrashPoint } from '../crash/points.js';
import type { ChaosPlatform } from '../platform/chaos-platform.js';
import type { ChaosProcess } from '../platform/processes.js';
import type { Stage } from '../stage.js';

const TIMEOUT_MS = 1000;
/** A relay's lease is the longest: what was read and not published is free again after it. */
const RELAY_LEASE_MS = 30_000;

/** Each point of the platform's path, and how often a receiver may hear more than once what was there. */
const DUPLICATES_AT: readonly (readonly [CrashPoint, 0 | 1])[] = [
  ['relay_read', 0],
  ['relay_published', 0],
  ['relay_confirmed', 0],
  ['intake_before_commit', 0],
  ['intake_committed', 0],
  ['claim_written', 0],
  ['request_sent', 1],
  ['headers_received', 1],
  ['body_read', 1],
  ['result_before_commit', 1],
  ['result_committed', 0],
  ['ack_sent', 0],
];

export const chaosCase: ChaosCase = {
  id: 'F03',
  name: 'crash-points',
  inject: 'SIGKILL at each of the twelve points of the path from the outbox to the acknowledgement',
  expect:
    'delivered after each; one request more for those between the request and its record, none elsewhere',
  modes: everywhere('run'),

  async run(stage) {
    // Given: workers that die at one point each, so that none of them hides another.
    const platform = await stage.platform();
    const left = [...DUPLICATES_AT];
    let duplicates = 0;

    // Inject
    while (left.length > 0) {
      const round = left.splice(0, platform.workers.length);
      duplicates += round.reduce((sum, [, more]) => sum + more, 0);
      // A limited rate sends each delivery through a claim.
      const { type } = await stage.subscribe({ timeoutMs: TIMEOUT_MS, rateLimitPerSecond: 500 });
      const doomed = platform.workers.slice(0, round.length);
      await Promise.all(doomed.map((worker, index) => worker.crashAt(round[index]![0])));
      await publishUntilDead(stage, { platform, doomed, type });
      await platform.heal();
    }

    // Expect
    return stage.judge({ withinMs: RELAY_LEASE_MS + stage.recoveryMs(TIMEOUT_MS), extraAtMost: duplicates });
  },
};

interface Round {
  readonly platform: ChaosPlatform;
  readonly doomed: readonly ChaosProcess[];
  readonly type: string;
}

/** One event at a time, so that nothing else is in flight at a death. */
async function publishUntilDead(stage: Stage, { platform, doomed, type }: Round): Promise<void> {
  const publisher = stage.publisher();
  for (let sent = 1; doomed.some(({ isRunning }) => isRunning); sent += 1) {
    const alive = doomed.filter(({ isRunning }) => isRunning).length;
    await publisher.commit(type, 1);
    await stage.eventually(async () => {
      if (doomed.filter(({ isRunning }) => isRunning).length < alive) return;
      const rows = await platform.sql.read(
        `SELECT id FROM delivery WHERE event_type = $1 AND status = 'delivered'`,
        [type],
      );
      const dead = doomed.length - alive;
      if (rows.length + dead < sent) throw new Error('neither delivered nor dead');
    });
  }
}
