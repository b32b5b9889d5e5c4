import { connect } from 'node:net';
import pg from 'pg';

/** Longest that a healthy server takes to answer, on a machine that is busy. */
const ANSWERS_WITHIN_MS = 1000;
/** The server is well; it has only no connection left for us. */
const TOO_MANY_CONNECTIONS = '53300';

export interface Addresses {
  readonly database: string;
  readonly broker: string | null;
}

/** Since when servers do not answer, as one finds out who asks them like the platform does, over the same links. */
export class Dependencies {
  private client: pg.Client | null = null;
  private databaseDownAt: number | null = null;
  private brokerDownAt: number | null = null;

  constructor(private readonly addresses: Addresses) {}

  /** For how long it has not answered, in milliseconds; 0 while it does. */
  async databaseDownMs(): Promise<number> {
    const askedAt = performance.now();
    const isUp = await this.isDatabaseUp();
    this.databaseDownAt = isUp ? null : (this.databaseDownAt ?? askedAt);
    return this.databaseDownAt === null ? 0 : performance.now() - this.databaseDownAt;
  }

  /** A broker that takes connections counts as up, even if it then says nothing. */
  async brokerDownMs(): Promise<number> {
    const { broker } = this.addresses;
    if (broker === null) return 0;
    const askedAt = performance.now();
    const isUp = await takesConnections(new URL(broker));
    this.brokerDownAt = isUp ? null : (this.brokerDownAt ?? askedAt);
    return this.brokerDownAt === null ? 0 : performance.now() - this.brokerDownAt;
  }

  async end(): Promise<void> {
    const { client } = this;
    this.client = null;
    // A server that is frozen takes no goodbye.
    await Promise.race([client?.end().catch(() => undefined), after(ANSWERS_WITHIN_MS)]);
  }

  private async isDatabaseUp(): Promise<boolean> {
    try {
      const client = (this.client ??= await this.connected());
      const answered = client.query('SELECT 1');
      answered.catch(() => undefined);
      await Promise.race([
        answered,
        after(ANSWERS_WITHIN_MS).then(() => Promise.reject(new Error('silent'))),
      ]);
      return true;
    } catch (error) {
      const { client } = this;
      this.client = null;
      void client?.end().catch(() => undefined);
      return (error as { code?: string }).code === TOO_MANY_CONNECTIONS;
    }
  }

  private async connected(): Promise<pg.Client> {
    const { database: connectionString } = this.addresses;
    const client = new pg.Client({
      connectionString,
      application_name: 'chaos vitals',
      connectionTimeoutMillis: ANSWERS_WITHIN_MS,
    });
    client.on('error', () => (this.client = null));
    await client.connect();
    return client;
  }
}

function takesConnections({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: ANSWERS_WITHIN_MS });
    const end = (isUp: boolean): void => {
      socket.destroy();
      resolve(isUp);
    };
    socket
      .once('connect', () => end(true))
      .once('error', () => end(false))
      .once('timeout', () => end(false));
  });
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
