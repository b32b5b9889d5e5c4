import type { EventDocument } from './event-document.js';
import { FILTER_LIMITS } from './filter-limits.js';

const ROOTS = ['type', 'subject', 'data'] as const;
type Root = (typeof ROOTS)[number];
/** A member's name, or a place in a list. */
type Step = string | number;

/** `$` may lead, as it does in JSONPath. */
const ROOT = /^(?:\$\.)?(\w+)/;
const STEP =
  /\.(?<name>[^\s.[\]'"*$@?,:()]+)|\[(?:(?<index>\d{1,6})|'(?<single>(?:[^'\\]|\\['\\])*)'|"(?<double>(?:[^"\\]|\\["\\])*)")\]/y;

/** Leads to one value of an event: `type`, `subject`, or into `data`. */
export class FilterPath {
  /** The same for every way to write the path. */
  readonly key: string;

  private constructor(
    /** As it was written. */
    readonly text: string,
    private readonly root: Root,
    private readonly steps: readonly Step[],
  ) {
    this.key = JSON.stringify([root, ...steps]);
  }

  /** The path that a text describes, or in words why it is none. */
  static read(text: unknown): FilterPath | string {
    if (typeof text !== 'string' || text === '' || text.length > FILTER_LIMITS.pathLength) {
      return `must be a text of 1 to ${FILTER_LIMITS.pathLength} characters like data.customer.name`;
    }
    if (!text.isWellFormed() || text.includes('\0')) return 'must not hold NUL or half characters';
    const [start = '', root] = ROOT.exec(text) ?? [];
    if (!isRoot(root)) return `must begin with ${ROOTS.join(', ')}; the content of an event is in data`;
    const steps = stepsOf(text, start.length);
    if (typeof steps === 'string') return steps;
    if (steps.length > FILTER_LIMITS.pathSteps)
      return `must not have more than ${FILTER_LIMITS.pathSteps} steps`;
    if (root !== 'data' && steps.length > 0) return `must end after ${root}, which is a text`;
    return new FilterPath(text, root, steps);
  }

  /** The value there; undefined if there is none. */
  valueIn(document: EventDocument): unknown {
    let value: unknown = document[this.root];
    for (const step of this.steps) {
      value = memberOf(value, step);
      if (value === undefined) return undefined;
    }
    return value;
  }
}

function isRoot(text: string | undefined): text is Root {
  return ROOTS.some((root) => root === text);
}

function stepsOf(text: string, from: number): Step[] | string {
  const steps: Step[] = [];
  let at = from;
  while (at < text.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(text);
    if (match === null) return `cannot be read from character ${at + 1} on: ${ADVICE}`;
    const { name, index, single, double } = match.groups as Record<string, string | undefined>;
    if (name !== undefined && /^\d+$/.test(name)) return `says .${name}: ${ADVICE}`;
    const quoted = single ?? double;
    steps.push(index === undefined ? (name ?? quoted?.replace(/\\(.)/gs, '$1') ?? '') : Number(index));
    at = STEP.lastIndex;
  }
  return steps;
}

const ADVICE = `write .name or ['name'] for a member and [0] for a place in a list; there are no wildcards`;

function memberOf(value: unknown, step: Step): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return typeof step === 'number' ? (value[step] as unknown) : undefined;
  if (typeof step === 'number' || !Object.hasOwn(value, step)) return undefined;
  return (value as Record<string, unknown>)[step];
}
