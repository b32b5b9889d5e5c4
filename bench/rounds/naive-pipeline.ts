import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { type ConfirmChannel, connect } from 'amqplib';
import pg from 'pg';
import { Pool } from 'undici';

export interface NaivePlace {
  readonly databaseUrl: string;
  /** Null: what is published goes to the sender in memory. */
  readonly amqpUrl: string | null;
  readonly target: string;
}

const QUEUE = 'bellhop-bench.naive';
/** On a broker that was given it does not stay behind. */
const QUEUE_EXPIRES_MS = 60_000;
const PREFETCH = 100;
const DATABASE_CONNECTIONS = 10;
const TABLES = `
CREATE TABLE IF NOT EXISTS event (id uuid PRIMARY KEY, type text NOT NULL, data text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS delivery (id uuid PRIMARY KEY, event_id uuid NOT NULL, url text NOT NULL, status text NOT NULL DEFAULT 'pending', created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX IF NOT EXISTS delivery_event ON delivery (event_id);
CREATE INDEX IF NOT EXISTS delivery_status ON delivery (status);
CREATE TABLE IF NOT EXISTS attempt (id uuid PRIMARY KEY, delivery_id uuid NOT NULL, status int NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX IF NOT EXISTS attempt_delivery ON attempt (delivery_id);
`;

/**
 * As durable as the product and written as one would write it first: a transaction for each event, a confirmed
 * message for each delivery, and for each message a query, a POST and two writes. No batches anywhere.
 */
export class NaivePipeline {
  delivered = 0;
  private readonly key = randomBytes(32);
  private readonly data = 'x'.repeat(400);
  private readonly url: URL;

  private constructor(
    private readonly database: pg.Pool,
    private readonly http: Pool,
    private readonly channel: ConfirmChannel | null,
    target: string,
  ) {
    this.url = new URL(target);
  }

  static async start({ databaseUrl, amqpUrl, target }: NaivePlace): Promise<NaivePipeline> {
    const database = new pg.Pool({ connectionString: databaseUrl, max: DATABASE_CONNECTIONS });
    await database.query(TABLES);
    const http = new Pool(new URL(target).origin, { connections: PREFETCH, pipelining: 1 });
    const channel = amqpUrl === null ? null : await openChannel(amqpUrl);
    const pipeline = new NaivePipeline(database, http, channel, target);
    await pipeline.consume();
    return pipeline;
  }

  /** Writes an event and its delivery; resolves when the message is confirmed, or without a broker when it is sent. */
  async publish(): Promise<void> {
    const [event, delivery] = [randomUUID(), randomUUID()];
    const client = await this.database.connect();
    try {
      await client.query('BEGIN');
      await client.query('INSERT INTO event (id, type, data) VALUES ($1, $2, $3)', [
        event,
        'bench',
        this.data,
      ]);
      const row = [delivery, event, this.url.href];
      await client.query('INSERT INTO delivery (id, event_id, url) VALUES ($1, $2, $3)', row);
      await client.query('COMMIT');
    } finally {
      client.release();
    }
    if (this.channel === null) return this.deliver(delivery);
    await this.confirmed(this.channel, delivery);
  }

  private confirmed(channel: ConfirmChannel, id: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const message = Buffer.from(JSON.stringify({ id }));
      channel.sendToQueue(QUEUE, message, { persistent: true }, (error: unknown) => {
        if (error === null || error === undefined) resolve();
        else reject(error instanceof Error ? error : new Error('the message was not confirmed'));
      });
    });
  }

  private async consume(): Promise<void> {
    const { channel } = this;
    await channel?.prefetch(PREFETCH);
    await channel?.consume(QUEUE, (message) => {
      if (message === null) return;
      const { id } = JSON.parse(message.content.toString()) as { id: string };
      void this.deliver(id).then(
        () => channel.ack(message),
        () => undefined,
      );
    });
  }

  private async deliver(id: string): Promise<void> {
    const sql = 'SELECT e.data FROM delivery d JOIN event e ON e.id = d.event_id WHERE d.id = $1';
    const { rows } = await this.database.query<{ data: string }>(sql, [id]);
    const body = JSON.stringify({ id, data: { filler: rows[0]?.data } });
    const timestamp = Math.floor(Date.now() / 1000).toString();
    const signature = createHmac('sha256', this.key).update(`${id}.${timestamp}.${body}`).digest('base64');
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    };
    const response = await this.http.request({ method: 'POST', path: this.url.pathname, headers, body });
    await response.body.dump();
    const row = [randomUUID(), id, response.statusCode];
    await this.database.query('INSERT INTO attempt (id, delivery_id, status) VALUES ($1, $2, $3)', row);
    await this.database.query(`UPDATE delivery SET status = 'delivered' WHERE id = $1`, [id]);
    this.delivered += 1;
  }
}

async function openChannel(url: string): Promise<ConfirmChannel> {
  const connection = await connect(url, { noDelay: true });
  const channel = await connection.createConfirmChannel();
  await channel.assertQueue(QUEUE, {
    durable: true,
    arguments: { 'x-queue-type': 'quorum', 'x-expires': QUEUE_EXPIRES_MS },
  });
  return channel;
}
