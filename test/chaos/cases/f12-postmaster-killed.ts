import { setTimeout as pause } from 'node:timers/promises';
import { type ChaosCase, everywhere } from '../case.js';
import { requireHonestRefusals } from '../oracle/refusals.js';
import type { ChaosPlatform } from '../platform/chaos-platform.js';

const TIMEOUT_MS = 1000;
const PER_SECOND = 40;
const DOWN_MS = 10_000;
/** A lease is hardly longer than the outage, so whoever waited for the server may find its deliveries taken. */
const IN_FLIGHT = 20;

export const chaosCase: ChaosCase = {
  id: 'F12',
  name: 'postmaster-killed',
  inject:
    'SIGKILL of the postmaster under load; it is started after 10 s, the embedded one by the platform itself',
  expect: 'not ready, publishers are refused honestly, and nothing that was acknowledged is lost',
  modes: { ...everywhere('run'), embedded: 'fast' },

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const { type, endpoint } = await stage.subscribe({ timeoutMs: TIMEOUT_MS });
    const load = stage.publisher().load(type, PER_SECOND);
    await endpoint.receives(PER_SECOND);

    // Inject
    await platform.postgres.kill9();
    if (stage.mode !== 'embedded') await staysDown(platform);
    await platform.postgres.start();
    await platform.ready();
    const came = (await endpoint.requests()).length;
    await endpoint.receives(came + PER_SECOND);
    await load.stop();

    // Expect
    stage.note(`${load.accepted} accepted, ${load.failed} refused`);
    requireHonestRefusals(stage.book);
    return stage.judge({ withinMs: stage.recoveryMs(TIMEOUT_MS), extraAtMost: IN_FLIGHT });
  },
};

async function staysDown({ processes }: ChaosPlatform): Promise<void> {
  const down = pause(DOWN_MS);
  const states = await Promise.all(processes.map((process) => process.readiness()));
  if (states.some((status) => status !== 503)) throw new Error(`I8: ready says ${states.join(', ')}`);
  await down;
}
