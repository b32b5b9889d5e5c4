import type { BenchCase, BenchContext, CaseResult, Platform } from '../../case.js';
import { type DeliveryRate, deliveryRate, steadyRate } from './rate.js';
import { seedBacklog } from './seed.js';
import { StatementLog } from './statement-log.js';

const PENDING = 1_000_000;
const FAN_OUT = 10;
/** Each with ten subscriptions of its own: a hundred in all. */
const TYPES = Array.from({ length: 10 }, (_, n) => `bench.backlog.t${n}`);
const FIRST_POST_WITHIN_MS = 60_000;
/** After this many the statements are prepared and the code is warm. */
const WARM_AFTER = 10_000;

/** A platform that starts with a million deliveries due: how soon it works, how fast, and how much memory it takes. */
export const coldBacklog: BenchCase = {
  name: 'cold-backlog',
  title: '1,000,000 pending deliveries at the start',
  modes: ['embedded', 'full'],
  figures: ['coldFirstPost', 'coldMemory', 'coldClaimP99', 'coldDrain'],
  run: measure,
};

async function measure(context: BenchContext): Promise<CaseResult> {
  const platform = await context.createPlatform();
  await platform.start();
  await subscribe(context, platform);
  const steady = await steadyRate(context, { platform, types: TYPES }, { fanOut: FAN_OUT, ms: 5_000 });
  await platform.stop();
  await fill(context, platform);
  const log = await StatementLog.begin(platform);
  const { firstPostS, drain, memory } = await coldStart(context, platform);
  const claim = await log?.timesOf('bellhop_claim');
  await log?.end();
  await platform.stop();
  return {
    figures: {
      coldFirstPost: [firstPostS],
      coldMemory: [Math.max(...Object.values(memory).map(({ peakMb }) => peakMb))],
      ...(claim === undefined ? {} : { coldClaimP99: [claim.p99] }),
      coldDrain: [100 * shareOf(drain, steady)],
    },
    detail: { pending: PENDING, steady, drain, claimMs: claim, memory },
  };
}

/**
 * Of two rates that were measured half a minute apart, at one pace of the machine: a shared one is a third faster or slower
 * by then (the bare ratio of the same build was 57 to 105 %, this one 72 to 75 %).
 */
function shareOf(rate: DeliveryRate, whole: DeliveryRate): number {
  return (rate.perSecond * rate.sinkMicros) / (whole.perSecond * whole.sinkMicros);
}

async function subscribe({ sink }: BenchContext, platform: Platform): Promise<void> {
  const plans = TYPES.flatMap((type, at) =>
    Array.from({ length: FAN_OUT }, (_, n) => ({
      url: sink.endpoint('ok', 'backlog', at * FAN_OUT + n),
      eventTypes: [type],
    })),
  );
  await platform.subscribe(plans);
}

async function fill(context: BenchContext, platform: Platform): Promise<void> {
  const startedAt = performance.now();
  await context.sink.reset();
  await platform.query('TRUNCATE event, delivery, delivery_attempt');
  await seedBacklog(context, platform, { types: TYPES, events: PENDING / FAN_OUT });
  context.note(`wrote ${PENDING} deliveries in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
}

interface ColdStart {
  readonly firstPostS: number;
  readonly drain: DeliveryRate;
  readonly memory: ReturnType<Platform['memory']>;
}

async function coldStart(context: BenchContext, platform: Platform): Promise<ColdStart> {
  const { sink } = context;
  const startedAt = performance.now();
  const secondsToFirstPost = sink
    .delivered(1, FIRST_POST_WITHIN_MS)
    .then(() => (performance.now() - startedAt) / 1000);
  await platform.start();
  const firstPostS = await secondsToFirstPost;
  await sink.delivered(WARM_AFTER, FIRST_POST_WITHIN_MS);
  const drain = await deliveryRate(sink, platform, context.duration(12_000));
  return { firstPostS, drain, memory: platform.memory() };
}
