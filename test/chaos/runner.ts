import type { ChaosCase } from './case.js';
import { type ModeOrder, planOf } from './modes/plan.js';
import { takeCrashes } from './oracle/crash-record.js';
import type { Tally } from './oracle/tally.js';
import { unclosed, Vitals } from './oracle/vitals.js';
import { ChaosPlatform, type PlatformOptions } from './platform/chaos-platform.js';
import { type Services, withServices } from './platform/services.js';
import { Random } from './random.js';
import type { Registry } from './registry.js';
import { about, broken, type CaseResult, notRun } from './result.js';
import { BrokenInvariants, Stage } from './stage.js';

/** Who hears what a mode does, while it does it. */
export interface Listener {
  note(line: string): void;
  result(result: CaseResult): void;
}

/** Whatever hangs must not hang the run; beside two other modes a case takes twice as long as alone. */
const CASE_MS = 360_000;
const FULL_LENGTH_MS = 900_000;

/** Runs the cases of one mode one after the other, with one platform that they share. */
export class Runner {
  private shared: ChaosPlatform | null = null;

  private constructor(
    private readonly order: ModeOrder,
    private readonly listener: Listener,
    private readonly services: Services,
  ) {}

  static run(order: ModeOrder, registry: Registry, listener: Listener): Promise<void> {
    return withServices(
      (line) => listener.note(line),
      async (services) => {
        const runner = new Runner(order, listener, services);
        try {
          await runner.all(registry);
        } finally {
          await runner.leaveMode();
        }
      },
    );
  }

  private async all(registry: Registry): Promise<void> {
    for (const { one, rule } of planOf(registry, this.order)) {
      if (typeof rule === 'string') await this.case(one);
      else this.listener.result(notRun(one, this.order.mode, rule.notApplicable));
    }
    await this.lookBack();
  }

  /** What one case does does not cost the others their result. */
  private async case(one: ChaosCase): Promise<void> {
    const { mode } = this.order;
    this.note(`${one.id} ${one.name}: ${one.inject}`);
    const startedAt = performance.now();
    const own: ChaosPlatform[] = [];
    const stage = this.stage(one, own);
    const inUse = (): ChaosPlatform[] => [...own, ...(this.shared === null ? [] : [this.shared])];
    const vitals = Vitals.watch(inUse);
    let fault: Error | null = null;
    let tally: Tally | null = null;
    try {
      tally = await withDeadline(one.run(stage), this.caseMs());
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
    this.listener.result({
      ...about(one, mode),
      verdict,
      seconds,
      tally,
      peaks: vitals.peaks,
      fired,
      remark,
    });
    this.note(`  ${fault === null ? 'passed' : 'FAILED'} in ${seconds} s`);
  }

  private caseMs(): number {
    const { isFullLength, outageMinutes } = this.order;
    return Math.max(isFullLength ? FULL_LENGTH_MS : CASE_MS, CASE_MS + 2 * outageMinutes * 60_000);
  }

  private stage(one: ChaosCase, own: ChaosPlatform[]): Stage {
    const { mode, seed } = this.order;
    return new Stage({
      mode,
      random: Random.of(seed, `${one.id} ${one.name} ${mode}`),
      outage: this.order,
      sink: this.services.sink,
      shared: () => this.healthy(),
      own: async (options: PlatformOptions) => {
        const platform = await ChaosPlatform.start(mode, this.services, options);
        own.push(platform);
        return platform;
      },
      note: (line) => this.note(`  ${line}`),
      folder: this.services.folder,
    });
  }

  private async healthy(): Promise<ChaosPlatform> {
    this.shared ??= await ChaosPlatform.start(this.order.mode, this.services);
    await this.shared.heal();
    return this.shared;
  }

  private async cleanUp(own: readonly ChaosPlatform[], hasFailed: boolean): Promise<void> {
    await this.services.sink.restart();
    for (const platform of own) await platform.heal().catch(() => undefined);
    // One that cannot be ended, say because its PostgreSQL never came back, does not end the run: it dies with us.
    for (const platform of own)
      await platform.stop().catch((error: unknown) => this.note(`  left behind: ${String(error)}`));
    // After a failure nobody knows what is left in it.
    if (hasFailed) await this.leaveMode();
  }

  /** What all cases of the mode together have left open in the platform that they shared. */
  private async lookBack(): Promise<void> {
    const kept = this.shared === null ? [] : await unclosed(this.shared);
    for (const remark of kept) this.listener.result(broken('I7', this.order.mode, remark));
  }

  private async leaveMode(): Promise<void> {
    const { shared } = this;
    this.shared = null;
    await shared?.stop();
  }

  private note(line: string): void {
    this.listener.note(line);
  }

  private tell(fault: Error, platforms: readonly ChaosPlatform[]): void {
    this.note(fault.stack ?? fault.message);
    for (const platform of platforms) this.note(platform.log);
  }
}

async function withDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the case did not end within ${ms / 1000} s`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
