import { Test, type TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ConfigModule } from '#libs/config';
import { Database, DatabaseModule } from '#libs/database';
import { DEFAULT_TENANT_ID, newId } from '#libs/kernel';
import { ObservabilityModule } from '#libs/observability';
import { EngineMetrics } from '../../../libs/deliveries/src/engine-metrics.js';
import { CircuitBreaker } from '../../../libs/deliveries/src/gate/circuit-breaker.js';
import { Gates } from '../../../libs/deliveries/src/gate/gates.js';
import { eventuallyGives } from '../../support/eventually.js';
import { testConfig } from '../../support/test-config.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';

const URL = 'https://a.example/hook';

/** What one process knows of the gates. */
class Process {
  private constructor(private readonly module: TestingModule) {}

  static async start(database: TestDatabase): Promise<Process> {
    const config = testConfig({ DATABASE_URL: database.url });
    const builder = Test.createTestingModule({
      imports: [ConfigModule.forRoot(config), DatabaseModule.forRoot(), ObservabilityModule],
      providers: [EngineMetrics, Gates, CircuitBreaker],
    });
    const module = await builder.compile();
    module.useLogger(false);
    await module.init();
    return new Process(module);
  }

  get db(): Database {
    return this.module.get(Database);
  }
  get gates(): Gates {
    return this.module.get(Gates);
  }
  get breaker(): CircuitBreaker {
    return this.module.get(CircuitBreaker);
  }

  fail(subscriptionId: string, times: number, url = URL): void {
    for (let n = 0; n < times; n += 1) this.breaker.failed({ subscriptionId, url, isProbe: false });
  }

  stop(): Promise<void> {
    return this.module.close();
  }
}

interface Gate {
  readonly open_for: number | null;
  readonly opened_count: number;
  readonly tokens: number | null;
}

let database: TestDatabase;
let here: Process;
let there: Process;
let id: string;
beforeAll(async () => {
  database = await createTestDatabase();
  here = await Process.start(database);
  there = await Process.start(database);
});
afterAll(async () => {
  await here.stop();
  await there.stop();
  await database.drop();
});
beforeEach(async () => {
  id = newId();
  await here.db.query(
    `INSERT INTO subscription (id, tenant_id, url, event_types, handshake, status)
     VALUES ($1, $2, $3, '{*}', 'none', 'active')`,
    [id, DEFAULT_TENANT_ID, URL],
  );
});

const gate = async (): Promise<Gate | undefined> => {
  const [row] = await here.db.query<Gate>(
    `SELECT extract(epoch FROM open_until - now())::float AS open_for, opened_count, tokens
     FROM subscription_gate WHERE subscription_id = $1`,
    [id],
  );
  return row;
};
const becomes = (isOpen: boolean, processes = [here, there]): Promise<boolean> =>
  eventuallyGives(() => processes.every(({ gates }) => gates.isOpen(id) === isOpen));
const change = (assignment: string): Promise<unknown> =>
  here.db.query(`UPDATE subscription SET ${assignment} WHERE id = $1`, [id]);
const opened = async (): Promise<void> => {
  here.fail(id, 10);
  await becomes(true);
};

test('ten failures in a row open the circuit in every process, for about ten seconds', async () => {
  here.fail(id, 9);
  here.breaker.succeeded(id);
  here.fail(id, 9);
  there.fail(id, 9);
  await here.gates.refresh();
  expect(here.gates.isOpen(id)).toBe(false);
  here.fail(id, 1);
  await becomes(true);
  const { open_for: openFor } = (await gate()) as Gate;
  expect(openFor).toBeGreaterThan(4);
  expect(openFor).toBeLessThanOrEqual(12);
});

test('a failure in flight while it opened changes nothing; a probe that fails keeps it open for longer', async () => {
  await opened();
  there.fail(id, 20);
  await there.gates.refresh();
  expect(await gate()).toMatchObject({ opened_count: 1 });
  const seconds: number[] = [];
  for (let count = 2; count <= 7; count += 1) {
    there.breaker.failed({ subscriptionId: id, url: URL, isProbe: true });
    await eventuallyGives(async () => (await gate())?.opened_count === count);
    seconds.push((await gate())?.open_for ?? 0);
  }
  [20, 40, 80, 160, 300, 300].forEach((expected, index) => {
    expect(seconds[index]).toBeGreaterThan(expected * 0.8 - 5);
    expect(seconds[index]).toBeLessThanOrEqual(expected * 1.2);
  });
});

test('one success closes it in every process and begins a new count; nothing of it is left', async () => {
  await opened();
  there.breaker.succeeded(id);
  await becomes(false);
  expect(await gate()).toBeUndefined();
  here.fail(id, 9);
  await here.gates.refresh();
  expect(await gate()).toBeUndefined();
});

test.each([
  ['its URL', `url = 'https://b.example/hook'`],
  ['its status', `status = 'paused'`],
  ['a new verification', 'verified_at = now()'],
  ['its removal', 'deleted_at = now()'],
])('a change of the subscription closes it: %s', async (_name, assignment) => {
  await opened();
  await change(assignment);
  await becomes(false);
  expect(await gate()).toBeUndefined();
});

test('a change that says nothing of the receiver leaves it open', async () => {
  await opened();
  await change(`description = 'new', version = version + 1`);
  await here.gates.refresh();
  expect(here.gates.isOpen(id)).toBe(true);
});

test('failures of the URL before do not open the circuit of the new one', async () => {
  await change(`url = 'https://b.example/hook'`);
  here.fail(id, 12);
  here.fail(id, 1, 'https://b.example/hook');
  await here.breaker.onModuleDestroy();
  expect(await gate()).toBeUndefined();
});

test('a limited subscription has its gate from the start and keeps it when its circuit closes', async () => {
  await change('rate_limit_per_second = 5');
  expect(await gate()).toMatchObject({ tokens: 1, open_for: null });
  await opened();
  expect(await gate()).toMatchObject({ tokens: 1, opened_count: 1 });
  await here.breaker.close(id);
  await becomes(false);
  expect(await gate()).toMatchObject({ tokens: 1, open_for: null, opened_count: 0 });
  await change('rate_limit_per_second = NULL');
  expect(await gate()).toBeUndefined();
});

test('a process that starts later and one that missed the notification know it too', async () => {
  await opened();
  const late = await Process.start(database);
  expect(late.gates.isOpen(id)).toBe(true);
  await here.db.query(`DELETE FROM subscription_gate WHERE subscription_id = $1`, [id]);
  await here.db.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE '%listen%'`,
  );
  await becomes(false, [here, there, late]);
  await late.stop();
});

test('only what has no limit and no open circuit is pushed', async () => {
  const target = { id, rateLimitPerSecond: null } as Parameters<Gates['isPushable']>[0];
  expect(here.gates.isPushable(target)).toBe(true);
  expect(here.gates.isPushable({ ...target, rateLimitPerSecond: 100 })).toBe(false);
  await opened();
  expect(here.gates.isPushable(target)).toBe(false);
});
