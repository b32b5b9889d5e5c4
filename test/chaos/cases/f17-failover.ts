import { type ChaosCase, notApplicable } from '../case.js';
import { requireHonestRefusals } from '../oracle/refusals.js';
import { PostgresServer } from '../platform/postgres-server.js';

const TIMEOUT_MS = 1000;
const PER_SECOND = 30;
const IN_FLIGHT = 20;

export const chaosCase: ChaosCase = {
  id: 'F17',
  name: 'failover',
  inject: 'the server under load becomes read-only (25006), ends, and its address moves to a promoted copy',
  expect:
    'the platform reconnects by itself; read-only is a reason to try again, and nothing accepted is lost',
  modes: {
    embedded: notApplicable('Its PostgreSQL belongs to one data directory and has no copy to fail over to.'),
    postgres: 'run',
    full: 'run',
  },

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const { postgres, sql } = platform;
    if (!(postgres instanceof PostgresServer)) throw new Error('this mode has a server of its own');
    const { type, endpoint } = await stage.subscribe({ timeoutMs: TIMEOUT_MS });
    const load = stage.publisher().load(type, PER_SECOND);
    await endpoint.receives(PER_SECOND);

    // Inject
    await sql.query('ALTER SYSTEM SET default_transaction_read_only = on');
    await sql.query('SELECT pg_reload_conf()');
    try {
      await stage.eventually(() => {
        if (load.failed < 10) throw new Error('nobody noticed that the server is read-only');
      });
    } finally {
      await sql.query('ALTER SYSTEM RESET default_transaction_read_only');
    }
    await postgres.failOver(stage.newPath('promoted'));
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
