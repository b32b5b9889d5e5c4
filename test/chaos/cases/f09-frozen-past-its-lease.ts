import { type ChaosCase, notApplicable } from '../case.js';

const TIMEOUT_MS = 4000;
/** RabbitMQ goes on giving messages to whoever stands still, until it misses two heartbeats. */
const TAKEN_AWAY_MS = { embedded: 0, postgres: 0, full: 45_000 };
/** The second request takes longer than the zombie needs to write. */
const SECOND_ANSWER_MS = 3000;
/** What the late outcome would ask for, if it counted: a third request while the second one waits for its answer. */
const RETRY = { scheduleSeconds: [1, 1, 1] };

export const chaosCase: ChaosCase = {
  id: 'F09',
  name: 'frozen-past-its-lease',
  inject:
    'SIGSTOP of a dispatcher that has read a 503, until its lease is over and another one has sent; then SIGCONT',
  expect: 'two requests; the late outcome is logged and changes nothing',
  modes: {
    embedded: notApplicable('There is one process, so nobody could take over while it stands still.'),
    postgres: 'run',
    full: 'run',
  },

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const { type, endpoint } = await stage.subscribe({ timeoutMs: TIMEOUT_MS, retry: RETRY });
    await endpoint.behave({ status: 503 }, { status: 200, delayMs: SECOND_ANSWER_MS });
    const freeze = { action: 'freeze' as const };
    await Promise.all(platform.workers.map((worker) => worker.crashAt('body_read', freeze)));

    // Inject
    const [eventId] = await stage.publisher().commit(type, 1);
    await endpoint.receives(1);
    const zombie = await stage.eventually(async () => {
      const states = await Promise.all(platform.workers.map((worker) => worker.readiness()));
      const index = states.findIndex((status) => status === 0);
      if (index < 0) throw new Error('nobody stands still');
      return platform.worker(index);
    });
    // The other one must get past the point: what it was told is forgotten with its process.
    const other = platform.workers.find((worker) => worker !== zombie);
    await other?.kill9();
    await other?.start();
    await endpoint.receives(2, stage.recoveryMs(TIMEOUT_MS) + TAKEN_AWAY_MS[stage.mode]);
    zombie.thaw();

    // Expect: both attempts in the log, and the second one's outcome in the row.
    await stage.eventually(async () => {
      const rows = await platform.sql.read<{ outcome: string }>(
        `SELECT a.response_status::text AS outcome FROM delivery_attempt a JOIN delivery d ON d.id = a.delivery_id
         WHERE d.event_id = $1 ORDER BY a.fence`,
        [eventId],
      );
      const outcomes = rows.map(({ outcome }) => outcome).join(', ');
      if (outcomes !== '503, 200') throw new Error(`the log has ${outcomes}`);
    });
    const tally = await stage.judge({ extraAtMost: 0 });
    const requests = await endpoint.requests();
    if (requests.length !== 2) throw new Error(`I3: ${requests.length} requests came instead of 2`);
    return tally;
  },
};
