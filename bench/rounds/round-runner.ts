import type { Counts, Platform } from '../case.js';
import { outliers } from '../measure/spread.js';
import { audit } from './audit.js';
import type { BareFigure, Round } from './round.js';
import { ingest, latency, saturation, type Stage } from './steps.js';
import type { Yardsticks } from './yardsticks.js';

/** As many as the one process of the bare sender has connections to, spread as events of a real platform are. */
const ENDPOINTS = 10;
const ONE_EACH = Array.from({ length: ENDPOINTS }, (_, n) => `bench.one.n${n}`);
const ALL_OF_THEM = ['bench.all'];
const NOBODY = ['bench.none'];
/** The machine was busy with something else: the round is made again. */
const BARE_MAY_DIFFER = 0.4;

export interface RoundsOrder {
  readonly rounds: number;
  /** No round is begun later than that, unless it is the first. */
  readonly longestMs: number;
  duration(ms: number): number;
  note(line: string): void;
  /** Before each round, so that no checkpoint falls into it by chance. */
  prepare(): Promise<void>;
}

export interface RoundsResult {
  /** Those that count. */
  readonly rounds: readonly Round[];
  /** Made again, since the bare sender was too far from its median. */
  readonly invalid: readonly Round[];
  readonly counts: Counts;
}

/** What a server is for hours is what counts, and its code takes seconds of load to be compiled. */
const WARM_UP_MS = 6000;

export class RoundRunner {
  constructor(
    private readonly stage: Stage,
    private readonly yardsticks: Yardsticks,
    private readonly order: RoundsOrder,
  ) {}

  async run(): Promise<RoundsResult> {
    const deadline = performance.now() + this.order.longestMs;
    await this.warmUp();
    const made: Round[] = [];
    let invalid: number[] = [];
    while (made.length - invalid.length < this.order.rounds) {
      if (made.length > 0 && performance.now() > deadline) break;
      await this.order.prepare();
      made.push(await this.round(made.length + 1));
      invalid = outliers(
        made.map(({ bare }) => bare.perSecond),
        BARE_MAY_DIFFER,
      );
    }
    return {
      rounds: made.filter((_, index) => !invalid.includes(index)),
      invalid: made.filter((_, index) => invalid.includes(index)),
      counts: await audit(this.stage.platform, made.flatMap(countsOfRound)),
    };
  }

  private async warmUp(): Promise<void> {
    this.order.note('warming up');
    const { sink, platform } = this.stage;
    const endpoint = (n: number): string => sink.endpoint('ok', 'bench', n);
    await platform.subscribe(ONE_EACH.map((type, n) => ({ url: endpoint(n), eventTypes: [type] })));
    await platform.subscribe(
      ONE_EACH.map((_, n) => ({ url: endpoint(ENDPOINTS + n), eventTypes: ALL_OF_THEM })),
    );
    await declare(platform, NOBODY);
    const ms = this.order.duration(WARM_UP_MS);
    await this.yardsticks.bare(ms / 2);
    await saturation(this.stage, { types: ONE_EACH, fanOut: 1, ms });
    await saturation(this.stage, { types: ALL_OF_THEM, fanOut: ENDPOINTS, ms: ms / 2 });
  }

  private async round(number: number): Promise<Round> {
    const { stage, yardsticks } = this;
    const ms = (full: number): number => this.order.duration(full);
    const before = await yardsticks.bare(ms(1500));
    const naive = await yardsticks.naive(ms(1000));
    const fanOut1 = await saturation(stage, { types: ONE_EACH, fanOut: 1, ms: ms(3200) });
    const fanOut10 = await saturation(stage, { types: ALL_OF_THEM, fanOut: ENDPOINTS, ms: ms(3200) });
    const bare = meanOf(before, await yardsticks.bare(ms(1500)));
    const accepted = { perSecond: await ingest(stage, { types: NOBODY, ms: ms(1500) }) };
    const at200 = await latency(stage, { types: ONE_EACH, perSecond: 200, ms: ms(3000) });
    const at2000 = await latency(stage, { types: ONE_EACH, perSecond: 2000, ms: ms(3000) });
    const round = { bare, naive, fanOut1, fanOut10, ingest: accepted, at200, at2000 };
    this.order.note(`round ${number}: ${describe(round)}`);
    return round;
  }
}

/** Of before and after what is compared with it: a machine that changes its pace does so for both. */
function meanOf(before: BareFigure, after: BareFigure): BareFigure {
  return {
    perSecond: (before.perSecond + after.perSecond) / 2,
    cpuMicros: (before.cpuMicros + after.cpuMicros) / 2,
  };
}

async function declare(platform: Platform, types: readonly string[]): Promise<void> {
  for (const name of types) await platform.api('POST', '/v1/event-types', { name });
}

function countsOfRound({ fanOut1, fanOut10, at200, at2000 }: Round): Counts[] {
  return [fanOut1, fanOut10, at200, at2000].map(({ counts }) => counts);
}

function describe({ bare, naive, fanOut1, fanOut10, ingest: accepted, at200, at2000 }: Round): string {
  const rate = (perSecond: number): string => `${(perSecond / 1000).toFixed(1)}k/s`;
  const ratio = (perSecond: number): string => `${(perSecond / bare.perSecond).toFixed(2)}×`;
  const micros = (value: number | null): string => (value === null ? '' : ` ${Math.round(value)} µs`);
  return [
    `bare ${rate(bare.perSecond)}${micros(bare.cpuMicros)}`,
    `naive ${rate(naive.perSecond)}`,
    `fan-out 1 ${rate(fanOut1.perSecond)} ${ratio(fanOut1.perSecond)}${micros(fanOut1.platformMicros)}`,
    `fan-out 10 ${rate(fanOut10.perSecond)} ${ratio(fanOut10.perSecond)}${micros(fanOut10.platformMicros)}`,
    `ingest ${rate(accepted.perSecond)} ${ratio(accepted.perSecond)}`,
    `200/s ${at200.latency.p50}/${at200.latency.p99} ms`,
    `2,000/s ${at2000.latency.p50}/${at2000.latency.p99} ms`,
  ].join(', ');
}
