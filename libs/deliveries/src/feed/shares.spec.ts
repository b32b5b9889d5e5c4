import { expect, test } from 'vitest';
import { Turns } from '../dispatch/turns.js';
import { dealShares, type Share, SHARE_ROWS, type Waiting } from './shares.js';

const ROWS = 500;
const anything = (): number => Infinity;

function line(subscriptions: Readonly<Record<string, number>>): Turns<Waiting> {
  const turns = new Turns<Waiting>();
  for (const [tenantId, count] of Object.entries(subscriptions)) {
    for (let n = 0; n < count; n += 1) turns.add({ tenantId, subscriptionId: `${tenantId}${n}` });
  }
  return turns;
}

const rowsOf = (shares: readonly Share[], tenantId: string): number =>
  shares.filter((share) => share.tenantId === tenantId).reduce((sum, { rows }) => sum + rows, 0);

test('a lone subscription gets the whole claim', () => {
  expect(dealShares(line({ a: 1 }), ROWS, anything)).toMatchObject([{ subscriptionId: 'a0', rows: ROWS }]);
});

test('a tenant with a thousand subscriptions gets no more than one with a single one', () => {
  const shares = dealShares(line({ many: 1000, one: 1 }), ROWS, anything);
  expect([rowsOf(shares, 'many'), rowsOf(shares, 'one')]).toEqual([250, 250]);
});

test('the subscriptions of a tenant get the same part each, and all of them in the end', () => {
  const waiting = line({ a: 25 });
  const served = new Set<string>();
  for (let claim = 0; claim < 3; claim += 1) {
    const shares = dealShares(waiting, ROWS, anything);
    for (const share of shares) {
      expect(share.rows).toBe(SHARE_ROWS);
      served.add(share.subscriptionId);
      waiting.add(share);
    }
  }
  expect(served.size).toBe(25);
});

test('nobody gets more than there is room for, and who has no room leaves the line', () => {
  const waiting = line({ a: 2, b: 1 });
  const shares = dealShares(waiting, ROWS, (id) => ({ a0: 0, a1: 7 })[id] ?? Infinity);
  expect(shares.map(({ subscriptionId, rows }) => [subscriptionId, rows])).toEqual([
    ['b0', 250],
    ['a1', 7],
  ]);
  expect(waiting.isEmpty).toBe(true);
});

test('a claim never asks for more rows than it may take', () => {
  for (const tenants of [1, 3, 7, 40]) {
    const subscriptions = Object.fromEntries(Array.from({ length: tenants }, (_, n) => [`t${n}`, n + 1]));
    const shares = dealShares(line(subscriptions), ROWS, anything);
    expect(shares.reduce((sum, { rows }) => sum + rows, 0)).toBeLessThanOrEqual(ROWS);
  }
});
