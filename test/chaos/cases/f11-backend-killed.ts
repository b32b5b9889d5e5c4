import { type ChaosCase, everywhere } from '../case.js';
import { requireHonestRefusals } from '../oracle/refusals.js';

const TIMEOUT_MS = 1000;
const PER_SECOND = 40;
const KILLS = 3;
/** A process that was killed between an answer and its record is not ours here; what was in flight may come twice. */
const IN_FLIGHT = 20;

export const chaosCase: ChaosCase = {
  id: 'F11',
  name: 'backend-killed',
  inject:
    'SIGKILL of a PostgreSQL backend of the platform, three times, under load: the server ends all others',
  expect: 'whoever publishes is asked to try again within a second; all sessions come back by themselves',
  modes: everywhere('run'),

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const { type, endpoint } = await stage.subscribe({ timeoutMs: TIMEOUT_MS });
    const pids = platform.processes.map(({ pid }) => pid);
    const load = stage.publisher().load(type, PER_SECOND);

    // Inject
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await endpoint.receives(kill * PER_SECOND);
      await platform.postgres.killBackend();
    }
    await platform.ready();
    await endpoint.receives((KILLS + 1) * PER_SECOND);
    await load.stop();

    // Expect
    stage.note(`${load.accepted} accepted, ${load.failed} refused`);
    requireHonestRefusals(stage.book);
    const now = platform.processes.map(({ pid }) => pid);
    if (now.join() !== pids.join() || platform.processes.some(({ isRunning }) => !isRunning)) {
      throw new Error('a process of the platform ended');
    }
    return stage.judge({ withinMs: stage.recoveryMs(TIMEOUT_MS), extraAtMost: KILLS * IN_FLIGHT });
  },
};
