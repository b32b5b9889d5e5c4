import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type AnyCase, type ChaosCase, isProven, type Mode, ruleOf } from './case.js';
import type { ChaosOptions } from './options.js';
import type { Tally } from './oracle/tally.js';
import { ChaosPlatform, type PlatformOptions } from './platform/chaos-platform.js';
import { Services } from './platform/services.js';
import { provenResults } from './proven.js';
import { Random } from './random.js';
import type { Registry } from './registry.js';
import { type CaseResult, isGood } from './result.js';
import { BrokenInvariants, Stage } from './stage.js';

export type Note = (line: string) => void;

/** Whatever hangs must not hang the run. */
const CASE_MS = 240_000;

/** Runs cases one after the other, mode by mode, with one shared platform for each mode. */
export class Runner {
  private readonly results: CaseResult[] = [];
  private shared: ChaosPlatform | null = null;

  private constructor(
    private readonly options: ChaosOptions,
    private readonly note: Note,
    private readonly services: Services,
  ) {}

  static async run(options: ChaosOptions, registry: Registry, note: Note): Promise<readonly CaseResult[]> {
    const folder = mkdtempSync(path.join(tmpdir(), 'bellhop-chaos-'));
    const services = await Services.start(folder, note);
    const runner = new Runner(options, note, services);
    // However the command ends: what its processes leave is of no use to anybody.
    const clean = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    process.once('exit', clean);
    try {
      for (let round = 0; round < options.times; round += 1) await runner.round(registry);
      return runner.results;
    } finally {
      await runner.leaveMode();
      await services.stop();
      process.off('exit', clean);
      clean();
    }
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
      await this.leaveMode();
    }
    const proven = wanted.filter(isProven);
    if (!isFast && proven.length > 0)
      (await provenResults(proven, modes, this.note)).forEach((result) => this.add(result));
    if (!isFast && only.length === 0) {
      for (const { id, mode } of registry.gaps(modes)) this.add(missing(id, mode));
    }
  }

  private add(result: CaseResult): void {
    this.results.push(result);
  }

  /** What one case does does not cost the others their result. */
  private async case(one: ChaosCase, mode: Mode): Promise<void> {
    this.note(`${one.id} ${one.name}, ${mode}: ${one.inject}`);
    const startedAt = performance.now();
    const own: ChaosPlatform[] = [];
    let fault: Error | null = null;
    let tally: Tally | null = null;
    try {
      tally = await withDeadline(one.run(this.stage(one, mode, own)));
    } catch (error) {
      fault = error instanceof Error ? error : new Error(String(error));
      if (error instanceof BrokenInvariants) tally = error.tally;
    }
    const platforms = [...own, ...(this.shared === null ? [] : [this.shared])];
    if (fault !== null) this.tell(fault, platforms);
    await this.cleanUp(own, fault !== null);
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
    const remark = fault?.message ?? '';
    this.add({ ...about(one, mode), verdict: fault === null ? 'passed' : 'failed', seconds, tally, remark });
    this.note(`  ${fault === null ? 'passed' : 'FAILED'} in ${seconds} s`);
  }

  private stage(one: ChaosCase, mode: Mode, own: ChaosPlatform[]): Stage {
    return new Stage({
      mode,
      random: Random.of(this.options.seed, `${one.id} ${one.name} ${mode}`),
      sink: this.services.sink,
      shared: () => this.healthy(mode),
      own: async (options: PlatformOptions) => {
        const platform = await ChaosPlatform.start(mode, this.services, options);
        own.push(platform);
        return platform;
      },
      note: (line) => this.note(`  ${line}`),
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

  private async leaveMode(): Promise<void> {
    await this.shared?.stop();
    this.shared = null;
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
  return { ...about(one, mode), verdict: 'not applicable', seconds: 0, tally: null, remark };
}

function missing(id: string, mode: Mode): CaseResult {
  const remark = 'no case answers this row of the catalogue';
  return { id, name: '', mode, inject: '', expect: '', verdict: 'missing', seconds: 0, tally: null, remark };
}

async function withDeadline<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the case did not end within ${CASE_MS / 1000} s`)), CASE_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
