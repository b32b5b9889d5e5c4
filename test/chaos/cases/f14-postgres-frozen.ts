import { setTimeout as pause } from 'node:timers/promises';
import { type ChaosCase, everywhere } from '../case.js';
import type { ChaosPlatform } from '../platform/chaos-platform.js';
import { requireHonestRefusals } from '../oracle/refusals.js';

const TIMEOUT_MS = 1000;
const PER_SECOND = 20;
/** The shorter ones are longer than an answer may take. */
const FROZEN_MS = { embedded: 14_000, postgres: 30_000, full: 14_000 };
const CONNECTIONS_PER_PROCESS = 14;
const READY_KNOWS_WITHIN_MS = 4000;
const IN_FLIGHT = 20;

export const chaosCase: ChaosCase = {
  id: 'F14',
  name: 'postgres-frozen',
  inject: 'SIGSTOP of PostgreSQL for up to 30 s: every connection stays open and nothing is answered',
  expect:
    'not ready, each request has an answer in a bounded time, no more connections than the pools may have',
  modes: everywhere('run'),

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const { type, endpoint } = await stage.subscribe({ timeoutMs: TIMEOUT_MS });
    const load = stage.publisher().load(type, PER_SECOND);
    await endpoint.receives(PER_SECOND);

    // Inject
    await platform.postgres.freeze();
    const thawAt = pause(FROZEN_MS[stage.mode]);
    await stage.eventually(
      async () => {
        const states = await Promise.all(platform.processes.map((process) => process.readiness()));
        if (states.some((status) => status === 200)) throw new Error(`I8: ready says ${states.join(', ')}`);
      },
      { timeoutMs: READY_KNOWS_WITHIN_MS },
    );
    await thawAt;
    await platform.postgres.thaw();
    const connections = await connectionsOf(platform);
    await platform.ready();
    await load.stop();

    // Expect
    stage.note(`${load.accepted} accepted, ${load.failed} refused, ${connections} connections`);
    const most = platform.processes.length * CONNECTIONS_PER_PROCESS;
    if (connections > most) throw new Error(`${connections} connections, at most ${most} were allowed`);
    requireHonestRefusals(stage.book);
    return stage.judge({ withinMs: stage.recoveryMs(TIMEOUT_MS), extraAtMost: IN_FLIGHT });
  },
};

async function connectionsOf({ sql }: ChaosPlatform): Promise<number> {
  const [row] = await sql.read<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE 'bellhop%'`,
  );
  return row?.count ?? 0;
}
