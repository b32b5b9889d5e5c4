import type { FigureKey, Mode } from '../bars.js';
import type { CaseResult, Counts } from '../case.js';
import type { Spread } from '../measure/spread.js';
import type { Round } from '../rounds/round.js';
import type { RoundsResult } from '../rounds/round-runner.js';

export interface Environment {
  readonly date: string;
  readonly commit: string | null;
  readonly node: string;
  readonly postgres: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  /** Average of the minute before the run. */
  readonly load: number;
  /** Median milliseconds of writing 8 KiB and waiting until the disk has it. */
  readonly fsyncMs: number;
}

export interface Row {
  readonly figure: FigureKey;
  readonly mode: Mode;
  readonly title: string;
  readonly unit: string;
  readonly bar: number | null;
  readonly reach: number | null;
  readonly spread: Spread | null;
  /** Null without a bar, or if it was not measured. */
  readonly isMet: boolean | null;
  readonly samples: readonly number[];
}

export type ModeResult = RoundsResult & { readonly mode: Mode };
export type CaseRun = { readonly name: string; readonly mode: Mode; readonly seconds: number } & (
  CaseResult | { readonly fault: string }
);

/** The JSON document. */
export interface BenchResult {
  readonly environment: Environment;
  readonly options: object;
  readonly rows: readonly Row[];
  readonly counts: Counts;
  readonly modes: readonly ModeResult[];
  readonly cases: readonly CaseRun[];
  /** Parts that were asked for and could not run, with the reason. */
  readonly leftOut: readonly string[];
  readonly seconds: number;
}

export type { Round };
