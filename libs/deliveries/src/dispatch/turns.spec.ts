import { expect, test } from 'vitest';
import { Turns } from './turns.js';

interface Member {
  readonly tenantId: string;
  readonly subscriptionId: string;
}
const member = (tenantId: string, subscriptionId: string): Member => ({ tenantId, subscriptionId });

/** Everyone has work without end: whoever had a turn stands in line again. */
function rounds(turns: Turns<Member>, count: number): string[] {
  return Array.from({ length: count }, () => {
    const taken = turns.take();
    if (taken !== undefined) turns.add(taken);
    return taken?.subscriptionId ?? 'nobody';
  });
}

test('members of one tenant have turns one after the other', () => {
  const turns = new Turns<Member>();
  ['a1', 'a2', 'a3'].forEach((name) => turns.add(member('a', name)));
  expect(rounds(turns, 6)).toEqual(['a1', 'a2', 'a3', 'a1', 'a2', 'a3']);
});

test('a tenant with many members has as many turns as one with a single member', () => {
  const turns = new Turns<Member>();
  for (let n = 0; n < 1000; n += 1) turns.add(member('many', `m${n}`));
  turns.add(member('one', 'single'));
  const taken = rounds(turns, 200);
  expect(taken.filter((name) => name === 'single')).toHaveLength(100);
  expect(new Set(taken).size).toBe(101);
});

test('who is added twice has one turn, and who is taken has none until added again', () => {
  const turns = new Turns<Member>();
  const only = member('a', 'a1');
  turns.add(only);
  turns.add(only);
  expect(turns.take()).toBe(only);
  expect(turns.take()).toBeUndefined();
  expect(turns.isEmpty).toBe(true);
  turns.add(only);
  expect(turns.take()).toBe(only);
});
