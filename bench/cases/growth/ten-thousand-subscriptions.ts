import { DEFAULT_TENANT_ID, newId } from '#libs/kernel';
import type { BenchCase, BenchContext, CaseResult, Platform } from '../../case.js';
import { patternOf, timeMatching } from './matching.js';
import { steadyRate } from './rate.js';

const SUBSCRIPTIONS = 10_000;
const MATCH_ROUNDS = 5;
const PAIRS = 2;
const TYPE = 'bench.match.sent';
const OTHER = 'never matches';

/** An event's way to its one subscription among ten thousand: alone in memory, and through the whole platform. */
export const tenThousandSubscriptions: BenchCase = {
  name: 'ten-thousand-subscriptions',
  title: '10,000 subscriptions, one matches',
  modes: ['embedded', 'full'],
  figures: ['matchMicros'],
  run: measure,
};

async function measure(context: BenchContext): Promise<CaseResult> {
  const matches = timeMatching(SUBSCRIPTIONS, MATCH_ROUNDS);
  const platform = await context.createPlatform({ watchStalls: true });
  await platform.start();
  await platform.subscribe([{ url: context.sink.endpoint('ok', 'match', 0), eventTypes: [TYPE] }]);
  const pairs = await comparePublishing(context, platform);
  await platform.stop();
  return {
    figures: { matchMicros: matches.map(({ first }) => first) },
    detail: { microsOfRepeatedTypes: matches.map(({ again }) => again), publishing: pairs },
  };
}

interface Publishing {
  /** Deliveries per second. */
  readonly withOne: number;
  readonly withAll: number;
  /** Longest stall of an event loop while the directory was read with all of them. */
  readonly stallMs: number;
}

async function comparePublishing(context: BenchContext, platform: Platform): Promise<Publishing[]> {
  await rate(context, platform);
  const pairs: Publishing[] = [];
  for (let n = 0; n < PAIRS; n += 1) pairs.push(await measurePair(context, platform));
  return pairs;
}

async function measurePair(context: BenchContext, platform: Platform): Promise<Publishing> {
  const withOne = await rate(context, platform);
  await platform.stalls();
  await addOthers(platform);
  const withAll = await rate(context, platform);
  const stallMs = Math.max(...Object.values(await platform.stalls()));
  await platform.query('DELETE FROM subscription WHERE description = $1', [OTHER]);
  context.note(`${withOne.toFixed(0)}/s with one subscription, ${withAll.toFixed(0)}/s with 10,000`);
  return { withOne, withAll, stallMs };
}

async function rate(context: BenchContext, platform: Platform): Promise<number> {
  const { perSecond } = await steadyRate(context, { platform, types: [TYPE] }, { fanOut: 1, ms: 2_000 });
  return perSecond;
}

/** Without secrets: nothing is ever sent to them. */
async function addOthers(platform: Platform): Promise<void> {
  const numbers = Array.from({ length: SUBSCRIPTIONS - 1 }, (_, n) => n);
  const columns = [numbers.map(() => newId()), numbers.map(patternOf)];
  await platform.query(ADD, [DEFAULT_TENANT_ID, OTHER, ...columns]);
}

const ADD = `
INSERT INTO subscription (id, tenant_id, url, event_types, handshake, status, description)
SELECT id, $1::uuid, 'http://127.0.0.1:9/' || id, ARRAY[pattern], 'none', 'active', $2
FROM unnest($3::uuid[], $4::text[]) AS s(id, pattern)`;
