import { type ChaosCase, everywhere } from '../case.js';

const TIMEOUT_MS = 1000;

export const chaosCase: ChaosCase = {
  id: 'F10',
  name: 'uncaught-error',
  inject:
    'an exception that nobody catches, and a rejection that nobody handles, in the middle of a delivery',
  expect: 'the process ends with a code that is not 0 and says why; started again, nothing is lost',
  modes: everywhere('run'),

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const { type } = await stage.subscribe({ timeoutMs: TIMEOUT_MS });

    for (const action of ['throw', 'reject'] as const) {
      // Inject
      await Promise.all(platform.workers.map((worker) => worker.crashAt('headers_received', { action })));
      await stage.publisher().publish(type, 1);
      const victim = await stage.eventually(() => {
        const dead = platform.workers.find(({ isRunning }) => !isRunning);
        if (dead === undefined) throw new Error(`${action}: every process goes on`);
        return dead;
      });

      // Expect
      const { exitCode, log } = victim;
      if (exitCode === null || exitCode === 0) throw new Error(`${action}: exit code ${exitCode}`);
      if (!log.includes('the planned crash at headers_received')) throw new Error(`no reason in ${log}`);
      await platform.restart();
    }
    // RabbitMQ brings the message of the dead one to the other at once, which dies of it as well.
    return stage.judge({ withinMs: stage.recoveryMs(TIMEOUT_MS), extraAtMost: 2 * platform.workers.length });
  },
};
