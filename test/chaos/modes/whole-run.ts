import { isProven, type Mode, MODES } from '../case.js';
import { CRASH_POINTS } from '../crash/points.js';
import type { ChaosOptions } from '../options.js';
import { provenResults } from '../proven.js';
import type { Registry } from '../registry.js';
import { broken, type CaseResult, missing } from '../result.js';
import { Runner } from '../runner.js';
import type { ModeOrder } from './plan.js';
import { sideBySide } from './side-by-side.js';

type Note = (line: string) => void;

/** Whether the modes run beside each other. */
export const isSideBySide = ({ modes, isOneAtATime }: ChaosOptions): boolean =>
  !isOneAtATime && modes.length > 1;

/** Everything that was asked for, as often as it was asked for: the modes, then what belongs to all of them. */
export async function wholeRun(
  options: ChaosOptions,
  registry: Registry,
  note: Note,
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  for (let time = 0; time < options.times; time += 1) {
    const ofModes = await runModes(options, registry, note);
    results.push(...ofModes, ...(await ofAllModes(options, registry, note)), ...unseen(options, ofModes));
  }
  return results;
}

async function runModes(options: ChaosOptions, registry: Registry, note: Note): Promise<CaseResult[]> {
  const orders = options.modes.map((mode): ModeOrder => ({ ...options, mode }));
  const noteOf = (mode: Mode, text: string): void => {
    for (const line of text.split('\n')) note(`${mode.padEnd(8)}  ${line}`);
  };
  if (isSideBySide(options)) return sideBySide({ orders, registry, note: noteOf });
  const results: CaseResult[] = [];
  for (const order of orders) {
    const result = (each: CaseResult): unknown => results.push(each);
    await Runner.run(order, registry, { note: (line) => noteOf(order.mode, line), result });
  }
  return results;
}

/** What tests of one part prove for every mode, and rows of the catalogue that nothing answers. */
async function ofAllModes(options: ChaosOptions, registry: Registry, note: Note): Promise<CaseResult[]> {
  const { modes, only, isFast } = options;
  if (isFast) return [];
  const proven = registry.wanted(only).filter(isProven);
  const gaps = only.length === 0 ? registry.gaps(modes) : [];
  return [
    ...(proven.length === 0 ? [] : await provenResults(proven, modes, note)),
    ...gaps.map(({ id, mode }) => missing(id, mode)),
  ];
}

/** A crash point that no case ever comes by proves nothing. */
function unseen({ modes, only, isFast }: ChaosOptions, results: readonly CaseResult[]): CaseResult[] {
  if (isFast || only.length > 0 || modes.length < MODES.length) return [];
  const seen = new Set(results.flatMap(({ fired }) => fired));
  const points = CRASH_POINTS.filter((point) => !seen.has(point));
  if (points.length === 0) return [];
  return [broken('F03', 'full', `crash points at which nothing was killed: ${points.join(', ')}`)];
}
