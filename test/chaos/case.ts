import type { Mode } from '../support/platform/index.js';
import type { Stage } from './stage.js';
import type { Tally } from './oracle/tally.js';

export { type Mode, MODES } from '../support/platform/index.js';

/** Why a mode cannot have this fault, as a whole sentence. */
export interface NotApplicable {
  readonly notApplicable: string;
}

/** `fast`: run in this mode, and part of the fast subset as well. */
export type ModeRule = 'run' | 'fast' | NotApplicable;

interface Fault {
  /** Its row in the catalogue: `F01` to `F50`. Several cases may share a row. */
  readonly id: string;
  /** Of `--only`: a few words with hyphens between them. */
  readonly name: string;
  /** What is injected, and what must happen then, in the words of the row. */
  readonly inject: string;
  readonly expect: string;
}

/** A fault in a running platform: given, inject, expect, and the oracle's tally at the end. */
export interface ChaosCase extends Fault {
  readonly modes: Readonly<Record<Mode, ModeRule>>;
  run(stage: Stage): Promise<Tally>;
}

/**
 * A fault that the tests of one part inject already, at a place that all modes share. The command runs these tests
 * itself and asks that every one of them passes.
 */
export interface ProvenCase extends Fault {
  /** Test files with the beginning of the names of the tests that prove it; an empty list means all of the file. */
  readonly provenBy: Readonly<Record<string, readonly string[]>>;
}

export type AnyCase = ChaosCase | ProvenCase;

export const isProven = (one: AnyCase): one is ProvenCase => 'provenBy' in one;

export function ruleOf(one: ChaosCase, mode: Mode): ModeRule {
  return one.modes[mode];
}

/** In each mode alike. */
export const everywhere = (rule: ModeRule): ChaosCase['modes'] => ({
  embedded: rule,
  postgres: rule,
  full: rule,
});

const NO_BROKER =
  'There is no RabbitMQ: what its processes pass on inside themselves is in PostgreSQL as well.';

/** For faults of RabbitMQ. */
export const onlyFull = (rule: ModeRule): ChaosCase['modes'] => ({
  embedded: notApplicable(NO_BROKER),
  postgres: notApplicable(NO_BROKER),
  full: rule,
});

export const notApplicable = (reason: string): NotApplicable => ({ notApplicable: reason });
