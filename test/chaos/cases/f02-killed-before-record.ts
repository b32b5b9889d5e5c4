import { type ChaosCase, everywhere } from '../case.js';

const TIMEOUT_MS = 2000;

export const chaosCase: ChaosCase = {
  id: 'F02',
  name: 'killed-before-record',
  inject: "SIGKILL after the receiver's 200, before the outcome is written",
  expect: 'exactly one request more, under the same id, then delivered',
  modes: everywhere('run'),

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const { type, endpoint } = await stage.subscribe({ timeoutMs: TIMEOUT_MS });
    const worker = await platform.loneWorker();
    await worker.crashAt('result_before_commit');

    // Inject
    await stage.publisher().publish(type, 1);
    await stage.eventually(() => {
      if (worker.isRunning) throw new Error('the worker has not died');
    });
    await platform.restart();

    // Expect
    const requests = await endpoint.receives(2, stage.recoveryMs(TIMEOUT_MS));
    if (requests.length !== 2) throw new Error(`${requests.length} requests came instead of 2`);
    return stage.judge({ extraAtMost: 1 });
  },
};
