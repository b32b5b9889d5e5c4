import { TargetIndex } from '../../../libs/subscriptions/src/directory/target-index.js';
import type { Target } from '../../../libs/subscriptions/src/directory/target.js';

/** Microseconds of CPU for a match: of a type that was never asked for before, and of one that was. */
export interface MatchMicros {
  readonly first: number;
  readonly again: number;
}

/** Every third subscription wants an area, the others one type; none wants what another does. */
export const patternOf = (n: number): string => (n % 3 === 0 ? `bench.area${n}.*` : typeOf(n));
const typeOf = (n: number): string => `bench.area${n}.thing.happened`;

/** Asks an index of so many subscriptions for the type of each of them, twice; so many times, and once to warm up. */
export function timeMatching(subscriptions: number, rounds: number): MatchMicros[] {
  return Array.from({ length: rounds + 1 }, () => timeRound(subscriptions)).slice(1);
}

function timeRound(subscriptions: number): MatchMicros {
  const numbers = Array.from({ length: subscriptions }, (_, n) => n);
  // All that an index reads of a target.
  const targets = numbers.map((n) => ({ id: String(n), patterns: [patternOf(n)] }) as unknown as Target);
  const index = new TargetIndex(targets);
  const types = numbers.map(typeOf);
  return { first: microsOfEach(index, types), again: microsOfEach(index, types) };
}

function microsOfEach(index: TargetIndex, types: readonly string[]): number {
  let found = 0;
  const before = process.cpuUsage();
  for (const type of types) found += index.matched(type).targets.length;
  const { user, system } = process.cpuUsage(before);
  if (found !== types.length) throw new Error(`${types.length} events matched ${found} subscriptions`);
  return (user + system) / types.length;
}
