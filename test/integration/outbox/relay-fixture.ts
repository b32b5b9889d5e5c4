import { DataSource } from 'typeorm';
import { Database } from '#libs/database';
import { decodeFrame } from '#libs/events';
import { BrokerUnavailableError, MemoryBroker, type QueueName } from '#libs/messaging';
import { OutboxRelay, Publisher, RelayOptions } from '#libs/outbox';
import { testConfig } from '../../support/test-config.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';

interface EventsHeader {
  readonly kind: string;
  readonly outbox: string;
  readonly events: readonly { readonly id: string; readonly type: string }[];
}

/** A broker that notes what was published, and can be away. */
export class ScriptedBroker extends MemoryBroker {
  readonly frames: EventsHeader[] = [];
  isAway = false;
  /** Called inside `publish`, before it is confirmed. */
  onPublish: () => Promise<void> = () => Promise.resolve();
  waiting = 0;

  override async publish(_queue: QueueName, body: Buffer): Promise<void> {
    if (this.isAway) throw new BrokerUnavailableError('away');
    this.frames.push(decodeFrame<EventsHeader>(body).header);
    await this.onPublish();
  }

  override depth(): number {
    return this.waiting;
  }

  get publishedIds(): string[] {
    return this.frames.flatMap((frame) => frame.events.map(({ id }) => id));
  }
}

/** One database, one publisher, and as many relays as a test wants. */
export class RelayFixture {
  readonly publisher = new Publisher('guestbook');
  private readonly relays: OutboxRelay[] = [];

  private constructor(
    readonly database: Database,
    readonly orm: DataSource,
    private readonly testDatabase: TestDatabase,
  ) {}

  static async create(): Promise<RelayFixture> {
    const testDatabase = await createTestDatabase();
    const database = new Database(testConfig({ DATABASE_URL: testDatabase.url }));
    const orm = await new DataSource({ type: 'postgres', url: testDatabase.url }).initialize();
    return new RelayFixture(database, orm, testDatabase);
  }

  startRelay(broker: ScriptedBroker, options: Partial<RelayOptions> = {}): OutboxRelay {
    const relay = new OutboxRelay(this.database, broker, Object.assign(new RelayOptions(), options));
    this.relays.push(relay);
    relay.start();
    return relay;
  }

  /** Publishes `count` events in one transaction of their own; their UUIDs. */
  async publish(count = 1): Promise<string[]> {
    const before = new Set(await this.waitingIds());
    await this.orm.transaction((tx) => this.publisher.publish(tx, someEvents(count)));
    return (await this.waitingIds()).filter((id) => !before.has(id));
  }

  async waitingIds(): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      'SELECT id FROM guestbook.outbox_message ORDER BY id',
    );
    return rows.map(({ id }) => id);
  }

  async stopRelays(): Promise<void> {
    await Promise.all(this.relays.splice(0).map((relay) => relay.stop()));
    await this.database.query('DELETE FROM guestbook.outbox_message');
  }

  async close(): Promise<void> {
    await this.orm.destroy();
    await this.database.onApplicationShutdown();
    await this.testDatabase.drop();
  }
}

export function someEvents(count: number): { type: string; data: unknown }[] {
  return Array.from({ length: count }, (_, index) => ({ type: 'guestbook.entry.created', data: { index } }));
}
