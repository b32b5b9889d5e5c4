import { type FigureKey, type Mode, MODE_TITLES } from './bars.js';
import type { BenchCase } from './case.js';
import { CASES } from './cases/index.js';
import { LoadClient } from './load/load-client.js';
import type { BenchOptions } from './options.js';
import { BenchPlatform, type Place } from './platform/bench-platform.js';
import { CaseContext } from './platform/case-context.js';
import { Services } from './platform/services.js';
import { describeEnvironment } from './report/environment.js';
import type { BenchResult, CaseRun, ModeResult } from './report/result.js';
import { isOfRounds, rowsOf } from './report/rows.js';
import { sumOf } from './rounds/audit.js';
import { RoundRunner } from './rounds/round-runner.js';
import { Yardsticks } from './rounds/yardsticks.js';
import { SinkClient } from './sink/sink-client.js';

export type Note = (line: string) => void;
/** What `--only` may name. */
export const PARTS: readonly string[] = ['rounds', ...CASES.map(({ name }) => name)];

/** On a machine that is busy with other things rounds take longer: then fewer are made, and the command still ends. */
const ROUNDS_MS = 180_000;
const QUICK_ROUNDS_MS = 25_000;
/** No case begins later. */
const FULL_MS = 690_000;
const QUICK_MS = 45_000;

/** One run, from the services that it starts to the rows of its table. */
export class Benchmark {
  private readonly modes: ModeResult[] = [];
  private readonly cases: CaseRun[] = [];
  private readonly leftOut: string[] = [];
  private readonly startedAt = performance.now();

  private constructor(
    private readonly options: BenchOptions,
    private readonly note: Note,
    private readonly services: Services,
    private readonly sink: SinkClient,
    private readonly load: LoadClient,
  ) {}

  static async run(options: BenchOptions, note: Note): Promise<BenchResult> {
    const startedAt = performance.now();
    const services = await Services.start(options.modes.includes('full'), note);
    const environment = describeEnvironment(services.folder, await services.database.version());
    const sink = await SinkClient.start();
    const load = LoadClient.start(sink);
    const benchmark = new Benchmark(options, note, services, sink, load);
    try {
      await benchmark.measure();
    } finally {
      load.stop();
      sink.stop();
      await services.stop();
    }
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    return { environment, ...benchmark.result(), seconds };
  }

  private async measure(): Promise<void> {
    const modes = this.options.modes.filter((mode) => mode !== 'full' || this.services.broker !== null);
    if (this.services.brokerFault !== null) this.leaveOut(MODE_TITLES.full, this.services.brokerFault);
    if (this.isWanted('rounds')) for (const mode of modes) this.modes.push(await this.rounds(mode));
    for (const one of CASES.filter((each) => this.isWanted(each.name, each.isQuick))) {
      for (const mode of modes.filter((each) => one.modes.includes(each))) {
        if (this.hasTime()) this.cases.push(await this.case(one, mode));
        else this.leaveOut(`${one.name}, ${MODE_TITLES[mode]}`, 'no time was left');
      }
    }
  }

  private async rounds(mode: Mode): Promise<ModeResult> {
    this.note(`== rounds, ${MODE_TITLES[mode]}`);
    const { sink, load, services } = this;
    const { isQuick } = this.options;
    const platform = await BenchPlatform.create(this.place(mode), {});
    const yardsticks = new Yardsticks(sink);
    try {
      const databaseUrl = await services.database.newDatabase('none');
      const amqpUrl = mode === 'full' ? ((await services.broker?.newPlace()) ?? null) : null;
      await yardsticks.startNaive({ databaseUrl, amqpUrl });
      await platform.start();
      const runner = new RoundRunner({ sink, load, platform }, yardsticks, {
        rounds: this.options.rounds,
        duration: (ms) => Math.round(ms * this.options.scale),
        note: this.note,
        longestMs: isQuick ? QUICK_ROUNDS_MS : ROUNDS_MS,
        prepare: () => services.database.checkpoint(),
      });
      return { mode, ...(await runner.run()) };
    } finally {
      yardsticks.stop();
      await platform.remove();
    }
  }

  private leaveOut(what: string, reason: string): void {
    this.leftOut.push(`${what}: ${reason}`);
    this.note(`left out: ${what}: ${reason}`);
  }

  /** What is named by the caller takes as long as it takes. */
  private hasTime(): boolean {
    const { isQuick, only } = this.options;
    const passed = performance.now() - this.startedAt;
    return only.length > 0 || passed < (isQuick ? QUICK_MS : FULL_MS);
  }

  /** What one case cannot do does not cost the others their result. */
  private async case(one: BenchCase, mode: Mode): Promise<CaseRun> {
    this.note(`== ${one.name}, ${MODE_TITLES[mode]}: ${one.title}`);
    const startedAt = performance.now();
    const pace = { isQuick: this.options.isQuick, scale: this.options.scale, note: this.note };
    const context = new CaseContext(this.place(mode), pace, this.sink, this.load);
    const about = (): { name: string; mode: Mode; seconds: number } => ({
      name: one.name,
      mode,
      seconds: Math.round((performance.now() - startedAt) / 1000),
    });
    try {
      return { ...(await one.run(context)), ...about() };
    } catch (error) {
      this.note(`failed: ${(error as Error).message}`);
      return { ...about(), fault: (error as Error).message };
    } finally {
      await context.end();
    }
  }

  private result(): Omit<BenchResult, 'environment' | 'seconds'> {
    const { modes, cases, leftOut, options } = this;
    const counts = [...modes, ...cases].flatMap((part) =>
      'counts' in part && part.counts !== undefined ? [part.counts] : [],
    );
    const rows = rowsOf(modes, cases, (figure, mode) => this.isShown(figure, mode));
    return { options, rows, counts: sumOf(counts), modes, cases, leftOut };
  }

  private isShown(figure: FigureKey, mode: Mode): boolean {
    if (!this.options.modes.includes(mode)) return false;
    if (isOfRounds(figure)) return this.isWanted('rounds');
    const owners = CASES.filter(({ figures, modes }) => figures.includes(figure) && modes.includes(mode));
    return owners.some(({ name, isQuick }) => this.isWanted(name, isQuick));
  }

  /** In a quick run a case that is not made for it must be named. */
  private isWanted(name: string, isPartOfQuick = name === 'rounds'): boolean {
    const { only, isQuick } = this.options;
    return only.length > 0 ? only.includes(name) : isPartOfQuick || !isQuick;
  }

  private place(mode: Mode): Place {
    const companions = { sink: this.sink.pid, generator: this.load.pid };
    return { mode, services: this.services, companions, profileDir: this.options.profileDir };
  }
}
