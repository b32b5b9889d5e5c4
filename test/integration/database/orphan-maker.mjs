/** Starts the embedded database in the given folder, writes something, and ends as if it was killed. */
import { defaultServerConditions, runnerImport } from 'vite';
import pg from 'pg';

const conditions = ['source', ...defaultServerConditions];
const { module } = await runnerImport('./libs/database/src/embedded/embedded-postgres.ts', {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
});
const { pid, url } = await module.startEmbeddedPostgres({ dataDir: process.argv[2] });
const client = new pg.Client({ connectionString: url });
await client.connect();
await client.query('CREATE TABLE of_orphan AS SELECT 1 AS n');
await client.end();
process.stdout.write(JSON.stringify({ pid, url }), () => process.kill(process.pid, 'SIGKILL'));
