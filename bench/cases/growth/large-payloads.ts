import type { BenchCase, BenchContext, CaseResult, Platform } from '../../case.js';

const TYPE = 'bench.large.sent';
const HANGING_TYPE = 'bench.large.hung';
const BYTES = 256 * 1024;
/** What two cores carry with the generator and the sink beside the platform. */
const PER_SECOND = 20;

/** Payloads of the largest size: whether one of them blocks all others, and whether those that wait fill the memory. */
export const largePayloads: BenchCase = {
  name: 'large-payloads',
  title: '256 KiB payloads, with and without a receiver that hangs',
  modes: ['embedded', 'full'],
  figures: ['payloadStall', 'payloadMemory'],
  run: measure,
};

interface Phase {
  readonly stallMs: number;
  /** Of the largest process, highest so far. */
  readonly peakMb: number;
  readonly p99Ms: number;
}

async function measure(context: BenchContext): Promise<CaseResult> {
  const platform = await context.createPlatform({ watchStalls: true });
  await platform.start();
  await subscribe(context, platform);
  await phase(context, platform, [TYPE]);
  const alone = await phase(context, platform, [TYPE]);
  const hanging = [
    await phase(context, platform, [TYPE, HANGING_TYPE]),
    await phase(context, platform, [TYPE, HANGING_TYPE]),
  ];
  await platform.stop();
  const phases = [alone, ...hanging];
  return {
    figures: {
      payloadStall: phases.map(({ stallMs }) => stallMs),
      payloadMemory: [Math.max(...phases.map(({ peakMb }) => peakMb))],
    },
    detail: { perSecond: PER_SECOND, alone, hanging },
  };
}

async function subscribe({ sink }: BenchContext, platform: Platform): Promise<void> {
  await platform.subscribe([
    { url: sink.endpoint('ok', 'healthy', 0), eventTypes: [TYPE] },
    { url: sink.endpoint('hang', 'hanging', 1), eventTypes: [HANGING_TYPE] },
  ]);
}

async function phase(context: BenchContext, platform: Platform, types: readonly string[]): Promise<Phase> {
  const { load, sink } = context;
  await sink.reset();
  await platform.stalls();
  const pace = { perSecond: PER_SECOND, ms: context.duration(5_000) };
  const { accepted } = await load.paced({ platform, types, bytes: BYTES }, pace);
  const { groups } = await sink.delivered(Math.floor(accepted / types.length), 10_000);
  const stallMs = Math.max(...Object.values(await platform.stalls()));
  const peakMb = Math.max(...Object.values(platform.memory()).map(({ peakMb: peak }) => peak));
  context.note(
    `${types.length > 1 ? 'beside a hanging one' : 'alone'}: stall ${stallMs.toFixed(0)} ms, ${peakMb.toFixed(0)} MB`,
  );
  return { stallMs, peakMb, p99Ms: groups.healthy?.latency.p99 ?? Infinity };
}
