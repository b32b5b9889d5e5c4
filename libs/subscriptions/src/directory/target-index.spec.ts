import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesEventType } from '#libs/events';
import { dialectOf } from '#libs/signing';
import type { Target } from './target.js';
import { TargetIndex } from './target-index.js';

function target(id: string, patterns: readonly string[]): Target {
  const voice = { dialect: dialectOf({ profile: 'standard' }, id), keys: () => [], headers: {} };
  return {
    id,
    tenantId: 't',
    url: 'https://example.com/',
    registeredUrl: 'https://example.com/',
    status: 'active',
    ...voice,
    voiceOf: () => voice,
    keysUnavailable: false,
    timeoutMs: 15_000,
    maxInFlight: null,
    rateLimitPerSecond: null,
    retry: null,
    patterns,
    filter: null,
  };
}

const idsOf = (targets: readonly Target[]): string[] => targets.map(({ id }) => id).toSorted();
const found = (index: TargetIndex, name: string): string[] => idsOf(index.matched(name).targets);

const segment = fc.constantFrom('a', 'b', 'aa', 'A', '_');
const type = fc.array(segment, { minLength: 2, maxLength: 5 }).map((parts) => parts.join('.'));
const wildcard = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => `${parts.join('.')}.*`);
const pattern = fc.oneof(type, wildcard, fc.constant('*'));

test('the index finds exactly the targets of which a pattern matches, each once', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(pattern, { maxLength: 4 }), { maxLength: 20 }),
      type,
      (subscriptions, name) => {
        const targets = subscriptions.map((patterns, at) => target(String(at), patterns));
        const wanted = targets.filter(({ patterns }) => patterns.some((one) => matchesEventType(one, name)));
        const index = new TargetIndex(targets);
        expect(found(index, name)).toEqual(idsOf(wanted));
        expect(found(index, name)).toEqual(idsOf(wanted));
      },
    ),
  );
});

test('an area does not match a longer name, and is no event of itself', () => {
  const index = new TargetIndex([target('area', ['guestbook.*'])]);
  expect(found(index, 'guestbooks.entry')).toEqual([]);
  expect(found(index, 'guestbook')).toEqual([]);
  expect(found(index, 'guestbook.entry.created')).toEqual(['area']);
});

test('asking for any number of types does not grow the memory without end', () => {
  const index = new TargetIndex([target('all', ['*'])]);
  for (let at = 0; at < 25_000; at += 1) found(index, `a.t${at}`);
  expect(found(index, 'a.t1')).toEqual(['all']);
});
