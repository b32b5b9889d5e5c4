import pg from 'pg';
import { expect, test } from 'vitest';
import { DEFAULT_TENANT_ID, newId } from '#libs/kernel';
import { createTestDatabase } from '../../support/test-database.js';

const HOT = `SELECT pg_stat_get_xact_tuples_hot_updated('delivery'::regclass)::int AS hot`;

test('the success of a delivery that went out at intake writes to no index', async () => {
  const database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const id = newId();
    await client.query(
      `INSERT INTO delivery (id, tenant_id, event_id, subscription_id, event_type, next_attempt_at, lease_until, fence)
       VALUES ($1, $2, $3, $4, 'a.b', NULL, now() + interval '25 seconds', 1)`,
      [id, DEFAULT_TENANT_ID, newId(), newId()],
    );
    await client.query('BEGIN');
    await client.query(
      `UPDATE delivery SET status = 'delivered', reason = NULL, attempt_count = 1, lease_until = NULL, next_attempt_at = NULL
       WHERE tenant_id = $1 AND id = $2`,
      [DEFAULT_TENANT_ID, id],
    );
    expect((await client.query<{ hot: number }>(HOT)).rows).toEqual([{ hot: 1 }]);
    await client.query('COMMIT');
  } finally {
    await client.end();
    await database.drop();
  }
});
