import type { EventDocument } from './event-document.js';
import type { Scalar, Test } from './filter-operators.js';
import type { FilterPath } from './filter-path.js';

/** Whether an event is wanted, and by which part of the filter that was settled. */
export interface FilterDecision {
  readonly matches: boolean;
  /** Where in the filter: `filter.all[1]`. */
  readonly clause: string;
  /** In one sentence. */
  readonly detail: string;
}

/** No event is wanted unless the path leads to one of these values. */
export interface Requirement {
  readonly path: FilterPath;
  readonly values: readonly Scalar[];
}

/** What a subscription asks of an event beyond its type. Costs no more than the length of the filter, but for `data`. */
export interface Filter {
  matches(document: EventDocument): boolean;
  /** As `matches`, with the reason. */
  decide(document: EventDocument): FilterDecision;
  /** Lets filters be found by the value that they require; null if there is none. */
  readonly requirement: Requirement | null;
}

/** An operator of a clause with its operand. */
export interface Condition {
  readonly operator: string;
  readonly operand: unknown;
  readonly test: Test;
}

/** What one path must lead to; all its conditions hold, or it does not match. */
export class Clause implements Filter {
  readonly requirement: Requirement | null;

  constructor(
    private readonly place: string,
    private readonly path: FilterPath,
    private readonly conditions: readonly Condition[],
  ) {
    this.requirement = requirementOf(path, conditions);
  }

  matches(document: EventDocument): boolean {
    const value = this.path.valueIn(document);
    return this.conditions.every(({ test }) => test(value));
  }

  decide(document: EventDocument): FilterDecision {
    const value = this.path.valueIn(document);
    const failed = this.conditions.find(({ test }) => !test(value));
    const said = (failed === undefined ? this.conditions : [failed]).map(wordsOf).join(' and ');
    const verb = failed === undefined ? (this.conditions.length === 1 ? 'holds' : 'hold') : 'does not hold';
    return {
      matches: failed === undefined,
      clause: this.place,
      detail: `${said} ${verb}: ${this.path.text} ${inWords(value)}.`,
    };
  }
}

export class AllOf implements Filter {
  readonly requirement: Requirement | null;

  constructor(
    private readonly place: string,
    private readonly parts: readonly Filter[],
  ) {
    this.requirement = parts.find(({ requirement }) => requirement !== null)?.requirement ?? null;
  }

  matches(document: EventDocument): boolean {
    return this.parts.every((part) => part.matches(document));
  }

  decide(document: EventDocument): FilterDecision {
    const decisions = this.parts.map((part) => part.decide(document));
    const decisive = decisions.find(({ matches }) => !matches) ?? onlyOne(decisions);
    return decisive ?? { matches: true, clause: this.place, detail: `All ${decisions.length} parts hold.` };
  }
}

export class AnyOf implements Filter {
  readonly requirement = null;

  constructor(
    private readonly place: string,
    private readonly parts: readonly Filter[],
  ) {}

  matches(document: EventDocument): boolean {
    return this.parts.some((part) => part.matches(document));
  }

  decide(document: EventDocument): FilterDecision {
    const decisions = this.parts.map((part) => part.decide(document));
    const decisive = decisions.find(({ matches }) => matches) ?? onlyOne(decisions);
    return (
      decisive ?? { matches: false, clause: this.place, detail: `None of ${decisions.length} parts holds.` }
    );
  }
}

export class Not implements Filter {
  readonly requirement = null;

  constructor(private readonly part: Filter) {}

  matches(document: EventDocument): boolean {
    return !this.part.matches(document);
  }

  decide(document: EventDocument): FilterDecision {
    const { matches, clause, detail } = this.part.decide(document);
    return { matches: !matches, clause, detail: `${detail} A \`not\` around it turns that round.` };
  }
}

function requirementOf(path: FilterPath, conditions: readonly Condition[]): Requirement | null {
  for (const { operator, operand } of conditions) {
    if (operator === 'equals') return { path, values: [operand as Scalar] };
    if (operator === 'in') return { path, values: [...new Set(operand as Scalar[])] };
  }
  return null;
}

function onlyOne(decisions: readonly FilterDecision[]): FilterDecision | undefined {
  return decisions.length === 1 ? decisions[0] : undefined;
}

function wordsOf({ operator, operand }: Condition): string {
  return `${operator} ${shortened(JSON.stringify(operand))}`;
}

function inWords(value: unknown): string {
  if (value === undefined) return 'is not there';
  if (Array.isArray(value)) return `is a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'is an object';
  return `is ${shortened(JSON.stringify(typeof value === 'string' ? value.slice(0, SHOWN_LENGTH) : value))}`;
}

const SHOWN_LENGTH = 100;

function shortened(text: string): string {
  return text.length <= SHOWN_LENGTH ? text : `${text.slice(0, SHOWN_LENGTH)}…`;
}
