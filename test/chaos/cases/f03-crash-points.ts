import { type ChaosCase, everywhere } from '../case.js';
import type { CrashPoint } from '../crash/points.js';
import type { ChaosPlatform } from '../platform/chaos-platform.js';
import type { ChaosProcess } from '../platform/processes.js';
import type { Stage } from '../stage.js';

const TIMEOUT_MS = 1000;

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
    // Given
    const platform = await stage.platform();
    let duplicates = 0;

    // Inject
    for (const [point, more] of DUPLICATES_AT) {
      duplicates += more;
      // A limited rate sends each delivery through a claim, and past the broker.
      const rate = point === 'claim_written' ? { rateLimitPerSecond: 500 } : {};
      const { type } = await stage.subscribe({ timeoutMs: TIMEOUT_MS, ...rate });
      const doomed = await platform.loneWorker();
      await doomed.crashAt(point);
      const sent = await publishUntilDead(stage, { platform, doomed, type });
      await endLeases(platform, type);
      await platform.heal();
      // A repetition that is still to come would be in flight at the next death as well.
      await recorded(stage, { platform, type, count: sent });
    }

    // Expect
    return stage.judge({ extraAtMost: duplicates });
  },
};

interface Round {
  readonly platform: ChaosPlatform;
  readonly doomed: ChaosProcess;
  readonly type: string;
}

/** One event at a time, so that nothing else is in flight at the death. Gives how many there were. */
async function publishUntilDead(stage: Stage, { platform, doomed, type }: Round): Promise<number> {
  const publisher = stage.publisher();
  let sent = 0;
  while (doomed.isRunning) {
    await publisher.commit(type, 1);
    sent += 1;
    await stage.eventually(async () => {
      if (!doomed.isRunning) return;
      if ((await delivered(platform, type)) < sent) throw new Error('neither delivered nor dead');
    });
  }
  return sent;
}

/** As if the leases of the dead were over; F01 and F02 wait for that. Nobody who is alive has any now. */
async function endLeases({ sql }: ChaosPlatform, type: string): Promise<void> {
  const past = `now() - interval '1 second'`;
  const ofType = 'SELECT id FROM event WHERE type = $1';
  for (const statement of [
    `UPDATE guestbook.outbox_message SET lease_until = ${past} WHERE type = $1`,
    `UPDATE delivery_lease SET lease_until = ${past} WHERE event_ids && ARRAY(${ofType})`,
    `UPDATE delivery SET lease_until = ${past} WHERE event_type = $1 AND lease_until IS NOT NULL`,
  ]) {
    await sql.read(statement, [type]);
  }
}

async function recorded(
  stage: Stage,
  { platform, type, count }: { platform: ChaosPlatform; type: string; count: number },
): Promise<void> {
  const probe = async (): Promise<void> => {
    const done = await delivered(platform, type);
    if (done < count) throw new Error(`${done} of ${count} are recorded as delivered`);
  };
  await stage.eventually(probe, { timeoutMs: stage.recoveryMs(TIMEOUT_MS) });
}

async function delivered({ sql }: ChaosPlatform, type: string): Promise<number> {
  const done = `SELECT id FROM delivery WHERE event_type = $1 AND status = 'delivered'`;
  return (await sql.read(done, [type])).length;
}
