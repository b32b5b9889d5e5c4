import type { BenchCase, BenchContext, CaseResult, Platform } from '../case.js';
import { countsOf } from '../rounds/steps.js';

const ENDPOINTS = 100;
const HANGING = 10;
const PER_SECOND = 1000;
/** What a healthy one takes to answer; it occupies a slot of the dispatcher for so long. */
const HEALTHY = 'slow/20';
const FIELDS = { timeoutMs: 15_000 };
/** What arrives within it was delivered in time; what never does was lost. */
const GRACE_MS = 3_000;
const DRAIN_MS = 30_000;

/** Each endpoint has an event type of its own, so that each gets a hundredth of the events. */
const TYPES = Array.from({ length: ENDPOINTS }, (_, n) => `bench.isolated.n${n}`);
const HEALTHY_TYPES = TYPES.slice(HANGING);

export const ISOLATION: BenchCase = {
  name: 'isolation',
  title: '10 of 100 endpoints hang, 1,000 events/s',
  modes: ['embedded', 'full'],
  figures: ['isolationDelivered', 'isolationP99'],
  isQuick: true,
  run,
};

async function run(context: BenchContext): Promise<CaseResult> {
  const { sink, load } = context;
  const platform = await context.createPlatform();
  await platform.start();
  await subscribe(platform, context);
  await load.paced({ platform, types: HEALTHY_TYPES }, { perSecond: PER_SECOND, ms: context.duration(3000) });
  await sink.reset();
  // Whole turns, so that exactly nine tenths are for the healthy ones.
  const ms = Math.ceil(context.duration(20_000) / ENDPOINTS) * ENDPOINTS;
  const result = await load.paced({ platform, types: TYPES }, { perSecond: PER_SECOND, ms });
  const offered = (result.offered * (ENDPOINTS - HANGING)) / ENDPOINTS;
  const { groups } = await sink.delivered(offered, GRACE_MS);
  const healthy = groups.healthy;
  if (healthy === undefined) throw new Error('nothing arrived');
  const atLast = (await sink.delivered(offered, DRAIN_MS)).groups.healthy ?? healthy;
  return {
    figures: {
      isolationDelivered: [(healthy.delivered / offered) * 100],
      isolationP99: [healthy.latency.p99],
    },
    counts: countsOf(offered - result.refused, atLast),
    detail: { healthy, triesThatHung: groups.stuck?.requests ?? 0, lag: result.lag },
  };
}

async function subscribe(platform: Platform, { sink }: BenchContext): Promise<void> {
  const url = (n: number): string =>
    n < HANGING ? sink.endpoint('hang', 'stuck', n) : sink.endpoint(HEALTHY, 'healthy', n);
  await platform.subscribe(TYPES.map((type, n) => ({ url: url(n), eventTypes: [type], fields: FIELDS })));
}
