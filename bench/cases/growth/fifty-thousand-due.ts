import { setTimeout as pause } from 'node:timers/promises';
import type { BenchCase, BenchContext, CaseResult, Platform } from '../../case.js';
import { seedBacklog } from './seed.js';

const DUE = 50_000;
const HEALTHY = 99;
const PER_SECOND = 1_000;
const PAIRS = 3;
const SLOW_TYPE = 'bench.slow.sent';
const HEALTHY_TYPES = Array.from({ length: HEALTHY }, (_, n) => `bench.healthy.t${n}`);

/** Whether a receiver that is slow and far behind makes the others wait: their p99 beside its backlog, over without. */
export const fiftyThousandDue: BenchCase = {
  name: 'fifty-thousand-due',
  title: 'One slow endpoint with 50,000 due beside 99 healthy ones at 1,000/s',
  modes: ['embedded', 'full'],
  figures: ['backlogNeighbours'],
  run: measure,
};

interface Pair {
  readonly withoutMs: number;
  readonly withMs: number;
}

async function measure(context: BenchContext): Promise<CaseResult> {
  const platform = await context.createPlatform();
  await platform.start();
  await subscribe(context, platform);
  await healthyP99(context, platform);
  const pairs: Pair[] = [];
  for (let n = 0; n < PAIRS; n += 1) pairs.push(await measurePair(context, platform));
  await platform.stop();
  const ratios = pairs.map(({ withoutMs, withMs }) => withMs / withoutMs);
  return { figures: { backlogNeighbours: ratios }, detail: pairs };
}

async function subscribe({ sink }: BenchContext, platform: Platform): Promise<void> {
  await platform.subscribe([
    ...HEALTHY_TYPES.map((type, n) => ({ url: sink.endpoint('ok', 'healthy', n), eventTypes: [type] })),
    { url: sink.endpoint('slow/1000', 'slow', HEALTHY), eventTypes: [SLOW_TYPE] },
  ]);
}

async function measurePair(context: BenchContext, platform: Platform): Promise<Pair> {
  const withoutMs = await healthyP99(context, platform);
  await seedBacklog(context, platform, { types: [SLOW_TYPE], events: DUE });
  const withMs = await healthyP99(context, platform);
  // What is in flight ends by itself: an outcome without its row changes nothing.
  await platform.query('DELETE FROM delivery WHERE event_type = $1', [SLOW_TYPE]);
  await platform.query('VACUUM delivery');
  context.note(`p99 of the healthy: ${withoutMs.toFixed(1)} ms, beside the backlog ${withMs.toFixed(1)} ms`);
  return { withoutMs, withMs };
}

async function healthyP99(context: BenchContext, platform: Platform): Promise<number> {
  const { load, sink } = context;
  await sink.reset();
  const pace = { perSecond: PER_SECOND, ms: context.duration(4_000) };
  const { accepted } = await load.paced({ platform, types: HEALTHY_TYPES }, pace);
  const deadline = performance.now() + 10_000;
  for (;;) {
    const { healthy } = (await sink.stats()).groups;
    if (healthy !== undefined && healthy.delivered >= accepted) return healthy.latency.p99;
    if (performance.now() > deadline) return Infinity;
    await pause(20);
  }
}
