import { describe } from 'vitest';
import pg from 'pg';
import { MemoryEventStore, PostgresEventStore } from '#libs/receiver';
import { createEmptyDatabase } from '../../support/test-database.js';
import { storeContract } from './event-store.contract.js';

describe('in memory', () => {
  storeContract('memory', {
    make: async () => new MemoryEventStore({ maxUnfinished: 4 }),
    close: async () => undefined,
  });
});

describe('in PostgreSQL', async () => {
  const database = await createEmptyDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 6 });
  storeContract('postgres', {
    make: async () => {
      const store = new PostgresEventStore(pool, { maxUnfinished: 4 });
      await Promise.all([store.createTable(), store.createTable()]);
      await pool.query('TRUNCATE received_event');
      return store;
    },
    close: async () => {
      await pool.end();
      await database.drop();
    },
  });
});
