import { FILTER_LIMITS } from './filter-limits.js';

/** The values that clauses compare with; an object or a list equals none of them. */
export type Scalar = string | number | boolean | null;

/** Whether a value, undefined if there is none, is what a clause asks for. */
export type Test = (value: unknown) => boolean;

interface Operator {
  /** What is wrong with an operand, or null. */
  readonly faultOf: (operand: unknown) => string | null;
  /** The test for an operand without fault. */
  readonly compile: (operand: never) => Test;
}

/** Values are never converted: the text "5" is not the number 5, and comparing it with a number says no. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  equals: {
    faultOf: scalarFault,
    compile:
      (wanted: Scalar): Test =>
      (value) =>
        value === wanted,
  },
  in: { faultOf: listFault, compile: oneOf },
  prefix: {
    faultOf: textFault,
    compile:
      (start: string): Test =>
      (value) =>
        typeof value === 'string' && value.startsWith(start),
  },
  suffix: {
    faultOf: textFault,
    compile:
      (end: string): Test =>
      (value) =>
        typeof value === 'string' && value.endsWith(end),
  },
  exists: {
    faultOf: booleanFault,
    compile:
      (wanted: boolean): Test =>
      (value) =>
        (value !== undefined) === wanted,
  },
  gt: numeric((value, bound) => value > bound),
  gte: numeric((value, bound) => value >= bound),
  lt: numeric((value, bound) => value < bound),
  lte: numeric((value, bound) => value <= bound),
};

function oneOf(wanted: readonly Scalar[]): Test {
  const values: ReadonlySet<unknown> = new Set(wanted);
  return (value) => values.has(value);
}

function numeric(holds: (value: number, bound: number) => boolean): Operator {
  return {
    faultOf: (operand) => (Number.isFinite(operand) ? null : 'must be a number'),
    compile:
      (bound: number): Test =>
      (value) =>
        typeof value === 'number' && holds(value, bound),
  };
}

function scalarFault(operand: unknown): string | null {
  if (typeof operand === 'string') return storableFault(operand);
  const isScalar = operand === null || typeof operand === 'boolean' || Number.isFinite(operand);
  return isScalar ? null : 'must be a text, a number, true, false or null';
}

function listFault(operand: unknown): string | null {
  if (!Array.isArray(operand) || operand.length === 0 || operand.length > FILTER_LIMITS.values) {
    return `must be a list of 1 to ${FILTER_LIMITS.values} values`;
  }
  const faults = operand.map(scalarFault).filter((fault) => fault !== null);
  return faults[0] === undefined ? null : `each value ${faults[0]}`;
}

function textFault(operand: unknown): string | null {
  if (typeof operand !== 'string' || operand === '') return 'must be a text of at least one character';
  return storableFault(operand);
}

function storableFault(text: string): string | null {
  if (text.length > FILTER_LIMITS.textLength)
    return `must not have more than ${FILTER_LIMITS.textLength} characters`;
  return text.isWellFormed() && !text.includes('\0') ? null : 'must not hold NUL or half characters';
}

function booleanFault(operand: unknown): string | null {
  return typeof operand === 'boolean' ? null : 'must be true or false';
}
