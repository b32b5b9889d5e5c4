import type { Mode } from '../case.js';
import type { Registry } from '../registry.js';
import { about, broken, type CaseResult, notRun, NOT_RUN } from '../result.js';
import type { Listener } from '../runner.js';
import { MODE_PROGRAM, ModeChild } from './mode-child.js';
import { type ModeOrder, planOf } from './plan.js';

export interface SideBySide {
  readonly orders: readonly ModeOrder[];
  readonly registry: Registry;
  readonly note: (mode: Mode, line: string) => void;
  /** What runs a mode; a test has another. */
  readonly program?: string;
}

/** Runs every mode at the same time, each in a process of its own; one that ends too early does not cost the others. */
export async function sideBySide({
  orders,
  registry,
  note,
  program = MODE_PROGRAM,
}: SideBySide): Promise<CaseResult[]> {
  const all = orders.map(async (order): Promise<CaseResult[]> => {
    const results: CaseResult[] = [];
    const listener: Listener = {
      note: (line) => note(order.mode, line),
      result: (result) => results.push(result),
    };
    const reason = await ModeChild.start(program, order, listener).end();
    if (reason === null) return results;
    const remark = `the process of this mode ended before it was through: ${reason}`;
    note(order.mode, remark);
    return [...results, ...untold({ order, registry, results, remark })];
  });
  return (await Promise.all(all)).flat();
}

interface Cut {
  readonly order: ModeOrder;
  readonly registry: Registry;
  readonly results: readonly CaseResult[];
  readonly remark: string;
}

/** What the mode owes: no case goes missing with its process. */
function untold({ order, registry, results, remark }: Cut): CaseResult[] {
  const { mode } = order;
  const told = new Set(results.map(({ id, name }) => `${id} ${name}`));
  const owed = planOf(registry, order).filter(({ one }) => !told.has(`${one.id} ${one.name}`));
  const failed = owed.map(({ one, rule }): CaseResult => {
    if (typeof rule !== 'string') return notRun(one, mode, rule.notApplicable);
    return { ...about(one, mode), ...NOT_RUN, verdict: 'failed', remark };
  });
  return failed.some(({ verdict }) => verdict === 'failed')
    ? failed
    : [...failed, broken('I7', mode, remark)];
}
