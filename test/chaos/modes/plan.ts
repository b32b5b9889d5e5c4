import { type ChaosCase, isProven, type Mode, type ModeRule, ruleOf } from '../case.js';
import type { ChaosOptions } from '../options.js';
import type { Registry } from '../registry.js';

/** What is to be run of one mode. */
export interface ModeOrder extends Pick<
  ChaosOptions,
  'only' | 'seed' | 'isFast' | 'isFullLength' | 'outageMinutes'
> {
  readonly mode: Mode;
}

export interface Planned {
  readonly one: ChaosCase;
  readonly rule: ModeRule;
}

/** The cases of a mode, in their order, those that it cannot have among them. */
export function planOf(registry: Registry, { mode, only, isFast }: ModeOrder): Planned[] {
  return registry
    .wanted(only)
    .filter((one): one is ChaosCase => !isProven(one))
    .map((one) => ({ one, rule: ruleOf(one, mode) }))
    .filter(({ rule }) => !isFast || rule === 'fast');
}
