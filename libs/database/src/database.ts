import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { AppConfig } from '#libs/config';
import { closeCompletely } from './closing.js';
import { NotificationListener } from './notification-listener.js';
import {
  connectionSettings,
  hotPathPool,
  lostConnection,
  QUICK_ANSWER_MS,
  pointAccessPool,
} from './pools.js';

/** What a unit of work may do inside its transaction. */
export interface DatabaseClient {
  query<R>(statement: string | PreparedStatement, values?: readonly unknown[]): Promise<R[]>;
}

/** A statement that each connection parses once; its plan is still made for every execution's values. */
export interface PreparedStatement {
  readonly name: string;
  readonly text: string;
  /**
   * It finds its rows by the same indexes whatever the tables hold: one by one by a unique index, or the next ones in the
   * order of an index. Such a statement is planned once per connection and only with nested loops over indexes: planning
   * a batch of 100 costs as much as a tenth of it, and a plan made while a table is young would scan it for ever.
   */
  readonly isPointAccess?: true;
}

/** Whoever asks waits two seconds at most, and the answer needs some time itself. */
const READY_WITHIN_MS = 1_500;
/** A connection that is not rolled back by then is closed, which rolls it back as well. */
const ROLLED_BACK_WITHIN_MS = 2_000;

/**
 * The hot path's way to PostgreSQL: hand-written statements on a pool of its own, apart from TypeORM's.
 * Nothing is retried here: whoever calls knows whether its statement may run twice.
 */
@Injectable()
export class Database implements DatabaseClient, OnApplicationShutdown {
  private readonly pool: pg.Pool;
  private readonly pointPool: pg.Pool;
  private readonly listener: NotificationListener;

  constructor(@Inject(AppConfig) config: AppConfig) {
    this.pool = hotPathPool(config);
    this.pointPool = pointAccessPool(config);
    const onError = lostConnection(new Logger(Database.name));
    for (const pool of [this.pool, this.pointPool]) {
      pool.on('error', onError);
      // A connection that dies between two statements of a transaction reports it as an event; the next statement fails.
      pool.on('connect', (client) => client.on('error', () => undefined));
    }
    this.listener = new NotificationListener(connectionSettings(config, 'bellhop listen'));
  }

  /** The rows of one statement. */
  query<R>(statement: string | PreparedStatement, values: readonly unknown[] = []): Promise<R[]> {
    const isPointAccess = typeof statement !== 'string' && statement.isPointAccess === true;
    return rowsOf<R>(isPointAccess ? this.pointPool : this.pool, statement, values);
  }

  /** Commits what `work` did when it resolves, rolls all of it back when it throws, and passes its error on. */
  transaction<T>(work: (client: DatabaseClient) => Promise<T>): Promise<T> {
    return this.within('BEGIN', work);
  }

  /** All that `work` reads is of one moment: rows of several statements fit together while others write. */
  snapshot<T>(work: (client: DatabaseClient) => Promise<T>): Promise<T> {
    return this.within('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', work);
  }

  private async within<T>(begin: string, work: (client: DatabaseClient) => Promise<T>): Promise<T> {
    const connection = await this.pool.connect();
    const client: DatabaseClient = {
      query: (statement, values = []) => rowsOf(connection, statement, values),
    };
    try {
      await connection.query(answeredWithin(QUICK_ANSWER_MS, { text: begin }));
      const result = await work(client);
      await commit(connection);
      connection.release();
      return result;
    } catch (error) {
      await rollBackAndRelease(connection);
      throw error;
    }
  }

  /**
   * Calls `onNotify` for each NOTIFY on the channel. All channels share one connection; when it had to be made again,
   * every listener is called once with '' because notifications may have been missed.
   */
  async listen(channel: string, onNotify: (payload: string) => void): Promise<void> {
    await this.listener.listen(channel, onNotify);
  }

  /** Whether a statement is answered promptly right now. */
  async isReady(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, READY_WITHIN_MS, false);
    });
    const answered = this.query('SELECT 1').then(
      () => true,
      () => false,
    );
    return Promise.race([answered, tooLate]).finally(() => clearTimeout(timer));
  }

  /** Global modules stop after all others, so whoever still settles its work finds the pool open. */
  async onApplicationShutdown(): Promise<void> {
    await this.listener.close();
    await Promise.all([this.pool, this.pointPool].map((pool) => closeCompletely(pool, () => pool.end())));
  }
}

async function rowsOf<R>(
  target: pg.Pool | pg.PoolClient,
  statement: string | PreparedStatement,
  values: readonly unknown[],
): Promise<R[]> {
  const { text, name, isPointAccess } =
    typeof statement === 'string' ? { text: statement, name: undefined, isPointAccess: false } : statement;
  const plain = { text, values: values as unknown[], ...(name !== undefined && { name }) };
  const query = isPointAccess ? answeredWithin(QUICK_ANSWER_MS, plain) : plain;
  const result = await target.query<pg.QueryResultRow>(query);
  return result.rows as R[];
}

/** Fails when the server has not answered by then; its connection is of no use any more. */
function answeredWithin(ms: number, query: pg.QueryConfig): pg.QueryConfig {
  return Object.assign(query, { query_timeout: ms });
}

/** PostgreSQL answers COMMIT with ROLLBACK when a statement failed and its error was swallowed: never call that done. */
async function commit(connection: pg.PoolClient): Promise<void> {
  const { command } = await connection.query('COMMIT');
  if (command !== 'COMMIT') throw new Error('The transaction was rolled back: a statement in it had failed.');
}

/** A connection that cannot even roll back is closed, never given to the next caller. */
async function rollBackAndRelease(connection: pg.PoolClient): Promise<void> {
  await connection.query(answeredWithin(ROLLED_BACK_WITHIN_MS, { text: 'ROLLBACK' })).then(
    () => connection.release(),
    (error: Error) => connection.release(error),
  );
}
