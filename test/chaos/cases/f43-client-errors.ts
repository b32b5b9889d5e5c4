import { everywhere, type ChaosCase } from '../case.js';
import { attemptsOf } from '../oracle/attempts.js';

const STATUSES = [400, 404, 422];
/** The first wait of the slow half of the default schedule is an hour, and may be half of it. */
const SLOW_MS = 1_800_000;

export const chaosCase: ChaosCase = {
  id: 'F43',
  name: 'client-errors',
  inject: '400, 404 and 422, always',
  expect:
    'tried as often as the schedule says and then visibly over; without a schedule of its own, half an hour apart',
  modes: everywhere('run'),

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const type = await stage.eventType();
    const retry = { scheduleSeconds: [1] };
    const short = await Promise.all(STATUSES.map(() => stage.subscribe({ retry }, type)));
    const patient = await Promise.all(STATUSES.map(() => stage.subscribe({}, type)));

    // Inject
    for (const [index, status] of STATUSES.entries()) {
      await short[index]?.endpoint.behave({ status });
      await patient[index]?.endpoint.behave({ status });
    }
    await stage.publisher().publish(type, 1);

    // Expect
    await stage.eventually(async () => {
      const rows = await platform.sql.read<{ status: string }>(
        `SELECT status FROM delivery WHERE event_type = $1 AND status = 'exhausted'`,
        [type],
      );
      if (rows.length !== STATUSES.length) throw new Error(`${rows.length} deliveries are over`);
    });
    for (const { subscriptionId } of short) {
      const { length } = await attemptsOf(platform.sql, subscriptionId);
      if (length !== 2) throw new Error(`${length} attempts instead of 2`);
    }
    for (const { subscriptionId } of patient) {
      const [first] = await attemptsOf(platform.sql, subscriptionId);
      if ((first?.waits_ms ?? 0) < SLOW_MS) throw new Error(`tried again after ${first?.waits_ms} ms`);
    }
    return stage.judge({ mayRemain: ['exhausted', 'pending'] });
  },
};
