import { expect, test } from 'vitest';
import { type Kind, KINDS, Slots } from './slots.js';

/** Takes slots of a kind until there is no room for it; how many that were. */
function fill(slots: Slots, kind: Kind): number {
  let count = 0;
  for (; slots.hasRoom(kind); count += 1) slots.take(kind);
  return count;
}

test.each([
  ['first', 100],
  ['again', 70],
  ['trial', 50],
  ['slow', 20],
] as const)('alone, %s takes at most %i of a hundred slots', (kind, expected) => {
  expect(fill(new Slots(100), kind)).toBe(expected);
});

test('whatever hangs, waits or comes again, three of ten slots are left for first attempts', () => {
  const slots = new Slots(100);
  expect(fill(slots, 'slow') + fill(slots, 'trial') + fill(slots, 'again')).toBe(70);
  expect(fill(slots, 'first')).toBe(30);
});

test('a slot that is given back is there for its kind again', () => {
  const slots = new Slots(100);
  fill(slots, 'slow');
  slots.free('slow');
  expect([slots.hasRoom('slow'), slots.inFlight]).toEqual([true, 19]);
});

test('with very few slots each kind may still have one', () => {
  for (const total of [1, 2, 3, 4]) {
    for (const kind of KINDS) expect(new Slots(total).hasRoom(kind)).toBe(true);
  }
  const one = new Slots(1);
  one.take('slow');
  expect(one.hasRoom('first')).toBe(false);
});

test('requests that turn out to hang no longer count as trials, so that others can be tried', () => {
  const slots = new Slots(100);
  const trials = Array.from({ length: fill(slots, 'trial') }, () => ({ kind: 'trial' as Kind }));
  slots.move(trials, 'slow');
  expect([slots.hasRoom('slow'), slots.hasRoom('trial'), slots.inFlight]).toEqual([false, true, 50]);
  for (const { kind } of trials) slots.free(kind);
  expect([slots.hasRoom('slow'), slots.inFlight]).toEqual([true, 0]);
});
