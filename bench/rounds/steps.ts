import { setTimeout as pause } from 'node:timers/promises';
import type { Component, Counts, CpuSeconds, LoadResult, LoadTarget, Platform, SinkStats } from '../case.js';
import type { LoadClient } from '../load/load-client.js';
import type { SinkClient } from '../sink/sink-client.js';
import type { LatencyFigure, SaturationFigure } from './round.js';

export interface Stage {
  readonly sink: SinkClient;
  readonly load: LoadClient;
  readonly platform: Platform;
}

/** Until the load is even: batches fill up, pools open. A very short measurement has no longer way to it than itself. */
const LEAD_MS = 700;
const lead = (ms: number): number => Math.min(ms, LEAD_MS);
/** What was accepted must arrive by then; retries of the platform included. */
const DRAIN_MS = 30_000;
/** On a machine that does next to nothing for us a measurement takes longer, rather than to divide by a handful. */
const ENOUGH = 500;
const NOT_THE_PLATFORM: ReadonlySet<string> = new Set<Component>(['sink', 'generator']);

export interface SaturationOrder {
  readonly types: readonly string[];
  readonly fanOut: number;
  readonly ms: number;
}

/**
 * Deliveries per second while the window is full, and what they cost. Measured between two looks at the sink in the
 * middle of the load; then everything that was accepted must arrive.
 */
export async function saturation(stage: Stage, order: SaturationOrder): Promise<SaturationFigure> {
  const { sink, load, platform } = stage;
  await sink.reset();
  const running = await load.saturate({ platform, types: order.types }, { fanOut: order.fanOut });
  await pause(lead(order.ms));
  const [from, cpuFrom] = [await sink.delivered(1, DRAIN_MS), platform.cpu()];
  await pause(order.ms);
  const [to, cpuTo] = [await sink.delivered(from.delivered + ENOUGH, DRAIN_MS), platform.cpu()];
  const result = await running.end();
  const delivered = to.delivered - from.delivered;
  const cpuMicros = microsOf({ from: cpuFrom, to: cpuTo, delivered });
  return {
    perSecond: (delivered * 1e6) / (to.atMicros - from.atMicros),
    cpuMicros,
    platformMicros: sumOfPlatform(platform, cpuMicros),
    counts: await drained(stage, result, order.fanOut),
  };
}

/** Events per second that are accepted in batches of 100 while nobody subscribes to them. */
export async function ingest(stage: Stage, { types, ms }: Omit<SaturationOrder, 'fanOut'>): Promise<number> {
  const running = await stage.load.saturate({ platform: stage.platform, types }, { fanOut: 0 });
  await pause(lead(ms));
  const from = await running.accepted();
  await pause(ms);
  const to = await running.accepted();
  await running.end();
  return ((to.accepted - from.accepted) * 1e6) / (to.atMicros - from.atMicros);
}

/** Publish to arrival at an even rate, from the time at which each event was due. */
export async function latency(
  stage: Stage,
  { types, perSecond, ms }: { types: readonly string[]; perSecond: number; ms: number },
): Promise<LatencyFigure> {
  const { sink, load, platform } = stage;
  const target: LoadTarget = { platform, types };
  await load.paced(target, { perSecond, ms: lead(ms) });
  await sink.reset();
  const cpuFrom = platform.cpu();
  const result = await load.paced(target, { perSecond, ms });
  const cpuMicros = microsOf({ from: cpuFrom, to: platform.cpu(), delivered: result.accepted });
  const counts = await drained(stage, result, 1);
  return { latency: (await sink.stats()).latency, lag: result.lag, cpuMicros, counts };
}

/** Waits for what was accepted. Attempts are counted once for all, at the end of the rounds. */
async function drained({ sink }: Stage, { accepted }: LoadResult, fanOut: number): Promise<Counts> {
  const expected = accepted * fanOut;
  return countsOf(expected, await sink.delivered(expected, DRAIN_MS));
}

export function countsOf(expected: number, { delivered, duplicates }: Arrived): Counts {
  // A publisher that got no answer may have been heard all the same: more than expected is not wrong.
  return {
    expected,
    delivered,
    duplicates,
    lost: Math.max(0, expected - delivered),
    withoutAttempt: 0,
  };
}

function microsOf({ from, to, delivered }: { from: CpuSeconds; to: CpuSeconds; delivered: number }): Micros {
  const names = Object.keys(to) as Component[];
  return Object.fromEntries(
    names.map((name) => [name, (((to[name] ?? 0) - (from[name] ?? 0)) * 1e6) / Math.max(1, delivered)]),
  );
}

type Micros = Readonly<Partial<Record<Component, number>>>;

type Arrived = Pick<SinkStats, 'delivered' | 'duplicates'>;

/** Null if a component runs where it cannot be seen. */
function sumOfPlatform({ mode }: Platform, micros: Micros): number | null {
  if (micros.postgres === undefined || (mode === 'full' && micros.rabbitmq === undefined)) return null;
  return Object.entries(micros).reduce(
    (sum, [name, value]) => (NOT_THE_PLATFORM.has(name) ? sum : sum + value),
    0,
  );
}
