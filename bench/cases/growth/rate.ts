import { setTimeout as pause } from 'node:timers/promises';
import type { BenchContext, LoadTarget, Sink } from '../../case.js';

const SETTLED_AFTER = 5_000;
const PATIENCE_MS = 30_000;

/** Deliveries per second, over so many milliseconds from now. */
export async function deliveredPerSecond(sink: Sink, ms: number): Promise<number> {
  const startedAt = performance.now();
  const before = await sink.stats();
  await pause(ms);
  const after = await sink.stats();
  return ((after.delivered - before.delivered) * 1000) / (performance.now() - startedAt);
}

/** Deliveries per second while events come in as fast as they go out; ends when all of them have arrived. */
export async function steadyRate(
  context: BenchContext,
  target: LoadTarget,
  { fanOut, ms }: { readonly fanOut: number; readonly ms: number },
): Promise<number> {
  const { load, sink } = context;
  await sink.reset();
  const running = await load.saturate(target, { fanOut });
  await sink.delivered(SETTLED_AFTER, PATIENCE_MS);
  const rate = await deliveredPerSecond(sink, context.duration(ms));
  const { accepted } = await running.end();
  await sink.delivered(accepted * fanOut, PATIENCE_MS);
  return rate;
}
