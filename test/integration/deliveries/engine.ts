import type { INestApplicationContext } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DispatcherModule } from '../../../apps/dispatcher/src/dispatcher.module.js';
import { ConfigModule } from '#libs/config';
import { Database, DatabaseModule } from '#libs/database';
import { DeliveryLog, type DeliveryDetail, EventPublishing } from '#libs/deliveries';
import { HealthModule } from '#libs/http-api';
import { DEFAULT_TENANT_ID, fromTypeId, newId, toTypeId } from '#libs/kernel';
import { MessagingModule } from '#libs/messaging';
import { OutboundHttpModule } from '#libs/outbound-http';
import { newSecret } from '#libs/signing';
import { SecretBox, SubscriptionDirectory } from '#libs/subscriptions';
import { eventuallyGives } from '../../support/eventually.js';
import { Receiver } from '../../support/receiver.js';
import { testConfig } from '../../support/test-config.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';

export interface SubscriptionSpec {
  readonly url?: string;
  readonly eventTypes?: readonly string[];
  readonly scheduleSeconds?: readonly number[];
  readonly timeoutMs?: number;
  readonly status?: string;
  readonly maxInFlight?: number;
  readonly tenantId?: string;
  readonly filter?: object;
}

/** The whole path of an event in this process, on a database of its own and the memory broker. */
export class Engine {
  private constructor(
    readonly database: TestDatabase,
    readonly app: INestApplicationContext,
    readonly receiver: Receiver,
  ) {}

  static async start(shared?: TestDatabase, env: Readonly<Record<string, string>> = {}): Promise<Engine> {
    const database = shared ?? (await createTestDatabase());
    const config = testConfig({ DATABASE_URL: database.url, ...env });
    class EngineModule {}
    Module({
      imports: [
        ConfigModule.forRoot(config),
        DatabaseModule.forRoot(),
        MessagingModule.forRoot(),
        OutboundHttpModule,
        HealthModule,
        DispatcherModule,
      ],
    })(EngineModule);
    const app = await NestFactory.createApplicationContext(EngineModule, {
      logger: false,
      abortOnError: false,
    });
    return new Engine(database, app, await Receiver.start({ secret: newSecret() }));
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.receiver.stop();
    await this.database.drop();
  }

  get db(): Database {
    return this.app.get(Database);
  }

  /** An active subscription of the receiver, set up without a challenge. */
  async subscribe(spec: SubscriptionSpec = {}): Promise<string> {
    const id = newId();
    const retry = spec.scheduleSeconds === undefined ? null : { scheduleSeconds: spec.scheduleSeconds };
    await this.db.query(
      `INSERT INTO subscription (id, tenant_id, url, event_types, handshake, status, retry, timeout_ms, max_in_flight, filter)
       VALUES ($1, $2, $3, $4, 'none', $5, $6, $7, $8, $9)`,
      [
        id,
        spec.tenantId ?? DEFAULT_TENANT_ID,
        spec.url ?? this.receiver.url,
        spec.eventTypes ?? ['guestbook.*'],
        spec.status ?? 'active',
        retry,
        spec.timeoutMs ?? 2000,
        spec.maxInFlight ?? null,
        spec.filter ?? null,
      ],
    );
    const { ciphertext, keyId } = this.app.get(SecretBox).seal(this.receiver.secret ?? '', id);
    await this.db.query(
      `INSERT INTO subscription_secret (id, tenant_id, subscription_id, ciphertext, key_id, last_four)
       VALUES ($1, $2, $3, $4, $5, 'last')`,
      [newId(), spec.tenantId ?? DEFAULT_TENANT_ID, id, ciphertext, keyId],
    );
    await this.app.get(SubscriptionDirectory).refresh();
    return id;
  }

  publish(body: object = {}, idempotencyKey?: string): ReturnType<EventPublishing['publishOne']> {
    const event = { type: 'guestbook.entry.created', data: { name: 'Ada' }, ...body };
    const rawBody = Buffer.from(JSON.stringify(event));
    const request = { tenantId: DEFAULT_TENANT_ID, rawBody, body: event, idempotencyKey };
    return this.app.get(EventPublishing).publishOne(request);
  }

  /** The deliveries of an event, with their attempts. */
  async deliveriesOf(eventId: string): Promise<DeliveryDetail[]> {
    const log = this.app.get(DeliveryLog);
    const { data } = await log.list({ tenantId: DEFAULT_TENANT_ID, eventId, limit: 100 });
    return Promise.all(data.map(({ id }) => log.get(DEFAULT_TENANT_ID, id)));
  }

  /** The only delivery of an event, once it has this status. */
  async settled(eventId: string, status: string): Promise<DeliveryDetail> {
    let found: DeliveryDetail | undefined;
    const describe = (): string => `the delivery is ${JSON.stringify(found)}, not ${status}`;
    const probe = async (): Promise<boolean> => {
      [found] = await this.deliveriesOf(eventId);
      return found?.status === status;
    };
    await eventuallyGives(probe, { timeoutMs: 15_000, describe });
    return found as DeliveryDetail;
  }
}

export const uuidOf = (id: string): string | null => fromTypeId(id.slice(0, 3) as 'evt', id);
export const subscriptionId = (uuid: string): string => toTypeId('sub', uuid);
