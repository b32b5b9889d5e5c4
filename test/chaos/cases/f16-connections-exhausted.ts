import { type ChaosCase, everywhere } from '../case.js';
import { requireHonestRefusals } from '../oracle/refusals.js';

const TIMEOUT_MS = 1000;
const REFUSALS = 20;
const IN_FLIGHT = 20;

export const chaosCase: ChaosCase = {
  id: 'F16',
  name: 'connections-exhausted',
  inject: 'others take every connection that PostgreSQL has, those of the platform among them',
  expect:
    'each request is refused in a bounded time, no process ends, and all goes on when there are connections again',
  modes: everywhere('run'),

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const { type } = await stage.subscribe({ timeoutMs: TIMEOUT_MS });
    const publisher = stage.publisher();
    await publisher.publish(type, 50);

    // Inject: the processes stand still meanwhile, or they would be quicker.
    platform.processes.forEach((process) => process.freeze());
    await platform.sql.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'bellhop%'`,
    );
    const giveBack = await platform.sql.takeAllConnections();
    platform.processes.forEach((process) => process.thaw());
    try {
      await publisher.publish(type, REFUSALS);
      const states = await Promise.all(platform.processes.map((process) => process.readiness()));
      if (states.some((status) => status !== 503)) throw new Error(`I8: ready says ${states.join(', ')}`);
    } finally {
      await giveBack();
    }

    // Expect
    await platform.ready();
    if (platform.processes.some(({ isRunning }) => !isRunning)) throw new Error('a process ended');
    const refused = stage.book.badAnswers.length;
    if (refused < REFUSALS) throw new Error(`only ${refused} of ${REFUSALS} were refused`);
    requireHonestRefusals(stage.book);
    await publisher.publish(type, 50);
    return stage.judge({ withinMs: stage.recoveryMs(TIMEOUT_MS), extraAtMost: IN_FLIGHT });
  },
};
