import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_TENANT_ID, newId } from '#libs/kernel';
import { ACCOUNT } from '../../../libs/subscriptions/src/subscription-store.js';
import { SubscriptionsService } from '#libs/subscriptions';
import { Engine } from '../deliveries/engine.js';
import { subscribe, unsubscribe } from '../profiles/spoken.js';

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.start();
});
afterAll(() => engine.stop());

const accountOf = (account: string | null, tenantId = DEFAULT_TENANT_ID): Promise<string | null> =>
  engine.app.get(SubscriptionsService).account({ tenantId }, account);

test('an account is found while a subscription of the tenant names it, and without a name the oldest', async () => {
  const { url } = engine.receiver;
  const account = (number: string): Promise<string> =>
    subscribe(engine, { profile: 'kloudless', profileConfig: { appId: 'app-1', account: number }, url });
  await subscribe(engine, { profile: 'dropbox', profileConfig: { account: '3' }, url });
  const oldest = await account('20');
  await account('10');
  expect([await accountOf('10'), await accountOf('20'), await accountOf(null)]).toEqual(['10', '20', '20']);
  expect([await accountOf('1'), await accountOf('3'), await accountOf('10', newId())]).toEqual([
    null,
    null,
    null,
  ]);
  await unsubscribe(engine, oldest);
  expect([await accountOf('20'), await accountOf(null)]).toEqual([null, '10']);
});

test('among many subscriptions an account is found by its index', async () => {
  const plan = await engine.db.transaction(async (client) => {
    await client.query(`INSERT INTO subscription (id, tenant_id, url, event_types, handshake, status, profile, profile_config)
      SELECT gen_random_uuid(), '${DEFAULT_TENANT_ID}', 'http://localhost', '{}', 'none', 'disabled', 'kloudless',
        jsonb_build_object('account', n::text) FROM generate_series(1000, 3000) AS n`);
    await client.query('ANALYZE subscription');
    return client.query(`EXPLAIN ${ACCOUNT}`, [DEFAULT_TENANT_ID, '1234']);
  });
  expect(JSON.stringify(plan)).toContain('subscription_account_idx');
  expect(JSON.stringify(plan)).toContain('Index Cond: ((tenant_id = ');
  expect(JSON.stringify(plan)).toMatch(/Index Cond: .*1234/);
});
