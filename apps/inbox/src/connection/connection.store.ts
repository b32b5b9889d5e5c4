import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Database } from '#libs/database';
import type { Behaviour } from './behaviour.js';
import { Connection } from './connection.entity.js';
import { INBOX_CHANNEL } from '../messages/messages.service.js';

/** After this a connecting that nobody finished counts as given up, for example because the process died. */
const CONNECTING_AT_MOST = '60 seconds';

@Injectable()
export class ConnectionStore {
  constructor(
    private readonly source: DataSource,
    private readonly database: Database,
  ) {}

  async read(): Promise<Connection> {
    return this.source.manager.findOneByOrFail(Connection, { isOnly: true });
  }

  /** Takes the place of the one who connects; false if it is taken or there is a connection already. */
  async begin(secret: string): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE inbox.connection SET secret = $1, subscription_id = NULL, connecting_since = now()
       WHERE subscription_id IS NULL
         AND (connecting_since IS NULL OR connecting_since < now() - interval '${CONNECTING_AT_MOST}')
       RETURNING 1`,
      [secret],
    );
    return rows.length > 0;
  }

  async finish(subscriptionId: string): Promise<void> {
    await this.database.query('UPDATE inbox.connection SET subscription_id = $1, connecting_since = NULL', [
      subscriptionId,
    ]);
  }

  async forget(): Promise<void> {
    await this.database.query(
      'UPDATE inbox.connection SET subscription_id = NULL, secret = NULL, connecting_since = NULL',
    );
  }

  async behave(behaviour: Behaviour | null): Promise<void> {
    const value = behaviour === null ? null : JSON.stringify(behaviour);
    await this.database.query('UPDATE inbox.connection SET behaviour = $1::jsonb', [value]);
    await this.changed();
  }

  /** How to treat one request; counts it down in the same statement, so that exactly so many are treated so. */
  async nextBehaviour(): Promise<Behaviour | null> {
    const [row] = await this.database.query<{ behaviour: Behaviour }>(
      `WITH before AS (SELECT behaviour FROM inbox.connection WHERE behaviour IS NOT NULL FOR UPDATE)
       UPDATE inbox.connection SET behaviour = CASE
         WHEN before.behaviour -> 'remaining' = 'null' THEN before.behaviour
         WHEN (before.behaviour ->> 'remaining')::int <= 1 THEN NULL
         ELSE jsonb_set(before.behaviour, '{remaining}', to_jsonb((before.behaviour ->> 'remaining')::int - 1))
       END
       FROM before RETURNING before.behaviour`,
    );
    if (row) await this.changed();
    return row?.behaviour ?? null;
  }

  async countRefusal(reason: string): Promise<void> {
    await this.database.query(
      'UPDATE inbox.connection SET refused_count = refused_count + 1, last_refusal = $1',
      [reason],
    );
    await this.changed();
  }

  private async changed(): Promise<void> {
    await this.database.query('SELECT pg_notify($1, $2)', [INBOX_CHANNEL, 'changed']);
  }
}
