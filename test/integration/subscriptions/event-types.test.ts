import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Caller } from '#libs/subscriptions';
import { type Platform, startPlatform } from './subscriptions-fixture.js';

let platform: Platform;
let tenant: Caller;

beforeAll(async () => {
  platform = await startPlatform();
  tenant = await platform.newTenant();
});
afterAll(() => platform.stop());

const named = (name: string) => ({ tenantId: tenant.tenantId, name });

test('an event type is made, changed, and archived, after which its name is free again', async () => {
  const { eventTypes } = platform.node;
  const schema = { type: 'object', required: ['id'] };
  const made = await eventTypes.create(named('shop.order.paid'), {
    description: 'Paid.',
    schema,
    example: { id: 1 },
  });
  expect(made).toMatchObject({ name: 'shop.order.paid', description: 'Paid.', schema, example: { id: 1 } });
  await expect(eventTypes.create(named('shop.order.paid'))).rejects.toMatchObject({
    code: 'event_type_exists',
  });
  const changed = await eventTypes.patch(named('shop.order.paid'), { schema: null, example: null });
  expect(changed).toMatchObject({ description: 'Paid.', schema: null, example: null });
  await eventTypes.archive(named('shop.order.paid'));
  await expect(eventTypes.get(named('shop.order.paid'))).rejects.toMatchObject({
    code: 'event_type_not_found',
  });
  await expect(eventTypes.archive(named('shop.order.paid'))).rejects.toMatchObject({
    code: 'event_type_not_found',
  });
  expect(await eventTypes.create(named('shop.order.paid'))).toMatchObject({ description: '' });
});

test('names, texts, schemas and examples are checked', async () => {
  const { eventTypes } = platform.node;
  const refuse = async (name: string, input: object, code: string, field: string): Promise<void> => {
    const creation = eventTypes.create(named(name), input);
    await expect(creation).rejects.toMatchObject({ kind: 'invalid', code, errors: [{ field }] });
  };
  for (const name of ['', 'one', 'a.*', '*', 'a b.c', 'a..b', `a.${'b'.repeat(130)}`]) {
    await refuse(name, {}, 'validation_failed', 'name');
  }
  await refuse('a.b', { description: 'x'.repeat(513) }, 'validation_failed', 'description');
  await refuse('a.b', { example: 'x'.repeat(70_000) }, 'validation_failed', 'example');
  await refuse('a.b', { schema: { pattern: '(a+)+$' } }, 'invalid_schema', 'schema');
  await refuse('a.b', { schema: { type: 'string' }, example: 1 }, 'validation_failed', 'example');
  await expect(eventTypes.patch(named('a.b'), {})).rejects.toMatchObject({ code: 'event_type_not_found' });
});

test('a change of the schema must fit the example that is there', async () => {
  const { eventTypes } = platform.node;
  await eventTypes.create(named('stock.item.moved'), { example: { id: 1 } });
  const change = eventTypes.patch(named('stock.item.moved'), { schema: { required: ['sku'] } });
  await expect(change).rejects.toMatchObject({ errors: [{ field: 'example' }] });
});

test('event types are listed by name, page by page, for one tenant', async () => {
  const own = await platform.newTenant();
  const long = `z.${'z'.repeat(120)}`;
  for (const name of [long, 'b.two', 'a.one'])
    await platform.node.eventTypes.create({ tenantId: own.tenantId, name });
  const first = await platform.node.eventTypes.list({ tenantId: own.tenantId, limit: 2 });
  const rest = await platform.node.eventTypes.list({
    tenantId: own.tenantId,
    limit: 2,
    cursor: first.nextCursor ?? '',
  });
  expect([...first.data, ...rest.data].map(({ name }) => name)).toEqual(['a.one', 'b.two', long]);
  expect(first.nextCursor?.length).toBeLessThanOrEqual(64);
  expect(rest.nextCursor).toBeNull();
});
