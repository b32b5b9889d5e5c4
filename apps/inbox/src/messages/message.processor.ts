import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database, type DatabaseClient } from '#libs/database';
import { INBOX_CHANNEL, RECEIVED } from './messages.service.js';
import { processMessage } from './process-message.js';

const BATCH = 50;
/** A missed notification, or a database that was away, costs at most this. */
const POLL_MS = 5000;

/** Works through what is new. Any number of processes may: each row is in one worker's hands at a time. */
@Injectable()
export class MessageProcessor implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(MessageProcessor.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;
  private isWanted = false;
  private isStopping = false;

  constructor(private readonly database: Database) {}

  async onApplicationBootstrap(): Promise<void> {
    this.timer = setInterval(() => this.wake(), POLL_MS).unref();
    await this.database.listen(INBOX_CHANNEL, (payload) => {
      if (payload === RECEIVED || payload === '') this.wake();
    });
    this.wake();
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.timer);
    await this.running;
  }

  private wake(): void {
    this.isWanted = true;
    this.running ??= this.run().finally(() => (this.running = null));
  }

  private async run(): Promise<void> {
    while (this.isWanted && !this.isStopping) {
      this.isWanted = false;
      try {
        if ((await this.database.transaction(processBatch)) === BATCH) this.isWanted = true;
      } catch (error) {
        this.logger.warn(`Messages wait, the next look is in ${POLL_MS} ms: ${String(error)}`);
      }
    }
  }
}

interface NewRow {
  readonly id: string;
  readonly payload: Buffer;
}

async function processBatch(client: DatabaseClient): Promise<number> {
  const rows = await client.query<NewRow>(
    `SELECT id, payload FROM inbox.message WHERE status = 'new'
     ORDER BY received_at LIMIT $1 FOR UPDATE SKIP LOCKED`,
    [BATCH],
  );
  if (rows.length === 0) return 0;
  const failures = rows.map(({ payload }) => processMessage(payload));
  await client.query(
    `UPDATE inbox.message AS message
     SET status = CASE WHEN done.failure IS NULL THEN 'processed' ELSE 'failed' END,
       failure = done.failure, processed_at = now()
     FROM unnest($1::text[], $2::text[]) AS done (id, failure) WHERE message.id = done.id`,
    [rows.map(({ id }) => id), failures],
  );
  await client.query('SELECT pg_notify($1, $2)', [INBOX_CHANNEL, 'processed']);
  return rows.length;
}
