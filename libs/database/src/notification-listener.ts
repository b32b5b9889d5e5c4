import { Logger } from '@nestjs/common';
import pg from 'pg';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

type OnNotify = (payload: string) => void;

/** One connection that only listens. It comes back by itself, and says so to everyone who may have missed something. */
export class NotificationListener {
  private readonly logger = new Logger(NotificationListener.name);
  private readonly listeners = new Map<string, Set<OnNotify>>();
  private connecting: Promise<pg.Client> | null = null;
  private turn: Promise<void> = Promise.resolve();
  private retryTimer: NodeJS.Timeout | null = null;
  private pauseMs = FIRST_PAUSE_MS;
  private isClosed = false;

  constructor(private readonly settings: pg.ClientConfig) {}

  /** Resolves when the server has accepted the LISTEN; the same function is registered once. */
  async listen(channel: string, onNotify: OnNotify): Promise<void> {
    const ofChannel = this.listeners.get(channel) ?? new Set();
    // Registered before the server knows: a notification may come in the same packet as its answer.
    this.listeners.set(channel, ofChannel.add(onNotify));
    try {
      await this.inTurn(async () => listenOn(await this.connection(), channel));
    } catch (error) {
      ofChannel.delete(onNotify);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    if (this.retryTimer) clearTimeout(this.retryTimer);
    const client = await this.connecting?.catch(() => null);
    await client?.end().catch(() => undefined);
  }

  private connection(): Promise<pg.Client> {
    this.connecting ??= this.connect().catch((error: unknown) => {
      this.connecting = null;
      throw error;
    });
    return this.connecting;
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client(this.settings);
    client.on('error', () => undefined);
    client.on('notification', ({ channel, payload }) => this.tell(channel, payload ?? ''));
    await client.connect();
    client.once('end', () => {
      this.connecting = null;
      this.reconnectSoon();
    });
    return client;
  }

  private reconnectSoon(): void {
    if (this.isClosed || this.retryTimer) return;
    this.retryTimer = setTimeout(() => {
      this.retryTimer = null;
      void this.reconnect();
    }, this.pauseMs);
  }

  private async reconnect(): Promise<void> {
    try {
      await this.inTurn(() => this.listenAgain());
      this.pauseMs = FIRST_PAUSE_MS;
      for (const channel of this.listeners.keys()) this.tell(channel, '');
    } catch (error) {
      this.logger.warn(`Cannot listen for notifications yet: ${String(error)}`);
      this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
      this.reconnectSoon();
    }
  }

  private async listenAgain(): Promise<void> {
    const client = await this.connection();
    for (const channel of this.listeners.keys()) await listenOn(client, channel);
  }

  /** A connection takes one statement at a time. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }

  /** One listener's fault must not keep the others from hearing. */
  private tell(channel: string, payload: string): void {
    for (const onNotify of this.listeners.get(channel) ?? []) {
      try {
        onNotify(payload);
      } catch (error) {
        this.logger.error(`A listener of ${channel} failed: ${String(error)}`);
      }
    }
  }
}

async function listenOn(client: pg.Client, channel: string): Promise<void> {
  await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
}
