import { type AnyCase, type ChaosCase, isProven, type Mode, MODES, ruleOf } from './case.js';
import { CRASH_POINTS } from './crash/points.js';
import type { ChaosOptions } from './options.js';
import { takeCrashes } from './oracle/crash-record.js';
import type { Tally } from './oracle/tally.js';
import { unclosed, Vitals } from './oracle/vitals.js';
import { ChaosPlatform, type PlatformOptions } from './platform/chaos-platform.js';
import { type Services, withServices } from './platform/services.js';
import { provenResults } from './proven.js';
import { Random } from './random.js';
import type { Registry } from './registry.js';
import { type CaseResult, isGood, NOT_RUN } from './result.js';
import { BrokenInvariants, Stage } from './stage.js';

export type Note = (line: string) => void;

/** Whatever hangs must not hang the run. */
const CASE_MS = 240_000;
const FULL_LENGTH_MS = 900_000;

/** Runs cases one after the other, mode by mode, with one shared platform for each mode. */
export class Runner {
  private readonly results: CaseResult[] = [];
  private shared: ChaosPlatform | null = null;

  private constructor(
    private readonly options: ChaosOptions,
    private readonly note: Note,
    private readonly services: Services,
  ) {}

  static run(options: ChaosOptions, registry: Registry, note: Note): Promise<readonly CaseResult[]> {
    return withServices(note, async (services) => {
      const runner = new Runner(options, note, services);
      try {
        for (let round = 0; round < options.times; round += 1) await runner.round(registry);
        return runner.results;
      } finally {
        await runner.leaveMode();
      }
    });
  }

  private async round(registry: Registry): Promise<void> {
    const { modes, only, isFast } = this.options;
    const wanted = only.length === 0 ? registry.all : only.flatMap((name) => registry.named(name));
    for (const mode of modes) {
      for (const one of wanted.filter((each): each is ChaosCase => !isProven(each))) {
        const rule = ruleOf(one, mode);
        if (isFast && rule !== 'fast') continue;
        if (typeof rule !== 'string') this.add(notRun(one, mode, rule.notApplicable));
        else await this.case(one, mode);
      }
      await this.lookBack(mode);
      await this.leaveMode();
    }
    const proven = wanted.filter(isProven);
    if (!isFast && proven.length > 0)
      (await provenResults(proven, modes, this.note)).forEach((result) => this.add(result));
    if (!isFast && only.length === 0) {
      for (const { id, mode } of registry.gaps(modes)) this.add(missing(id, mode));
      if (modes.length === MODES.length) this.addUnseenPoints();
    }
  }

  /** A crash point that no case ever comes by proves nothing. */
  private addUnseenPoints(): void {
    const seen = new Set(this.results.flatMap(({ fired }) => fired));
    const unseen = CRASH_POINTS.filter((point) => !seen.has(point));
    if (unseen.length === 0) return;
    const remark = `crash points at which nothing was killed: ${unseen.join(', ')}`;
    this.add({ ...missing('F03', 'full'), verdict: 'failed', remark });
  }

  private add(result: CaseResult): void {
    this.results.push(result);
  }

  /** What one case does does not cost the others their result. */
  private async case(one: ChaosCase, mode: Mode): Promise<void> {
    this.note(`${one.id} ${one.name}, ${mode}: ${one.inject}`);
    const startedAt = performance.now();
    const own: ChaosPlatform[] = [];
    const stage = this.stage(one, mode, own);
    const inUse = (): ChaosPlatform[] => [...own, ...(this.shared === null ? [] : [this.shared])];
    const vitals = Vitals.watch(inUse);
    let fault: Error | null = null;
    let tally: Tally | null = null;
    try {
      tally = await withDeadline(one.run(stage), this.options.isFullLength ? FULL_LENGTH_MS : CASE_MS);
    } catch (error) {
      fault = error instanceof Error ? error : new Error(String(error));
      if (error instanceof BrokenInvariants) tally = error.tally;
    }
    const platforms = inUse();
    const { fired, missed } = takeCrashes(platforms);
    const notices = [...(await vitals.end()), ...missed.map((point) => `nothing ever reached ${point}`)];
    if (fault === null && notices.length > 0) fault = new Error(notices.join('\n'));
    if (fault !== null) this.tell(fault, platforms);
    await this.cleanUp(own, fault !== null);
    await stage.tidy();
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
    const remark = fault?.message ?? '';
    const verdict = fault === null ? ('passed' as const) : ('failed' as const);
    this.add({ ...about(one, mode), verdict, seconds, tally, peaks: vitals.peaks, fired, remark });
    this.note(`  ${fault === null ? 'passed' : 'FAILED'} in ${seconds} s`);
  }

  private stage(one: ChaosCase, mode: Mode, own: ChaosPlatform[]): Stage {
    return new Stage({
      mode,
      random: Random.of(this.options.seed, `${one.id} ${one.name} ${mode}`),
      isFullLength: this.options.isFullLength,
      sink: this.services.sink,
      shared: () => this.healthy(mode),
      own: async (options: PlatformOptions) => {
        const platform = await ChaosPlatform.start(mode, this.services, options);
        own.push(platform);
        return platform;
      },
      note: (line) => this.note(`  ${line}`),
      folder: this.services.folder,
    });
  }

  private async healthy(mode: Mode): Promise<ChaosPlatform> {
    this.shared ??= await ChaosPlatform.start(mode, this.services);
    await this.shared.heal();
    return this.shared;
  }

  private async cleanUp(own: readonly ChaosPlatform[], hasFailed: boolean): Promise<void> {
    await this.services.sink.restart();
    for (const platform of own) await platform.heal().catch(() => undefined);
    for (const platform of own) await platform.stop();
    // After a failure nobody knows what is left in it.
    if (hasFailed) await this.leaveMode();
  }

  /** What all cases of the mode together have left open in the platform that they shared. */
  private async lookBack(mode: Mode): Promise<void> {
    const kept = this.shared === null ? [] : await unclosed(this.shared);
    for (const remark of kept) this.add({ ...missing('I7', mode), verdict: 'failed', remark });
  }

  private async leaveMode(): Promise<void> {
    const { shared } = this;
    this.shared = null;
    await shared?.stop();
  }

  private tell(fault: Error, platforms: readonly ChaosPlatform[]): void {
    this.note(fault.stack ?? fault.message);
    for (const platform of platforms) this.note(platform.log);
  }
}

export const hasFailed = (results: readonly CaseResult[]): boolean => !results.every(isGood);

function about(one: AnyCase, mode: Mode): Pick<CaseResult, 'id' | 'name' | 'mode' | 'inject' | 'expect'> {
  const { id, name, inject, expect } = one;
  return { id, name, mode, inject, expect };
}

function notRun(one: ChaosCase, mode: Mode, remark: string): CaseResult {
  return { ...about(one, mode), ...NOT_RUN, verdict: 'not applicable', remark };
}

function missing(id: string, mode: Mode): CaseResult {
  const remark = 'no case answers this row of the catalogue';
  return { id, name: '', mode, inject: '', expect: '', ...NOT_RUN, verdict: 'missing', remark };
}

async function withDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the case did not end within ${ms / 1000} s`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
