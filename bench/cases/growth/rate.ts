import { setTimeout as pause } from 'node:timers/promises';
import type { BenchContext, Platform, Sink } from '../../case.js';

const SETTLED_AFTER = 5_000;
const PATIENCE_MS = 30_000;

export interface DeliveryRate {
  readonly perSecond: number;
  /** CPU time that the receiver took for each, in microseconds: always the same work, so it tells the machine's pace. */
  readonly sinkMicros: number;
}

/** What arrives over so many milliseconds from now. */
export async function deliveryRate(
  sink: Sink,
  platform: Pick<Platform, 'cpu'>,
  ms: number,
): Promise<DeliveryRate> {
  const startedAt = performance.now();
  const [before, cpuBefore] = [await sink.stats(), platform.cpu()];
  await pause(ms);
  const [after, cpuAfter] = [await sink.stats(), platform.cpu()];
  const delivered = after.delivered - before.delivered;
  const cpuSeconds = (cpuAfter.sink ?? 0) - (cpuBefore.sink ?? 0);
  return {
    perSecond: (delivered * 1000) / (performance.now() - startedAt),
    sinkMicros: (cpuSeconds * 1e6) / delivered,
  };
}

interface SteadyLoad {
  readonly platform: Platform;
  readonly types: readonly string[];
}

/** What arrives while events come in as fast as they go out; ends when all of them have arrived. */
export async function steadyRate(
  context: BenchContext,
  { platform, types }: SteadyLoad,
  { fanOut, ms }: { readonly fanOut: number; readonly ms: number },
): Promise<DeliveryRate> {
  const { load, sink } = context;
  await sink.reset();
  const running = await load.saturate({ platform, types }, { fanOut });
  await sink.delivered(SETTLED_AFTER, PATIENCE_MS);
  const rate = await deliveryRate(sink, platform, context.duration(ms));
  const { accepted } = await running.end();
  await sink.delivered(accepted * fanOut, PATIENCE_MS);
  return rate;
}
