import type { FieldError } from '#libs/kernel';
import { AllOf, AnyOf, Clause, type Condition, type Filter, Not } from './filter.js';
import { FILTER_LIMITS } from './filter-limits.js';
import { OPERATORS } from './filter-operators.js';
import { FilterPath } from './filter-path.js';

/** More faults than these are not worth reading. */
const MAX_FAULTS = 20;
const NAMES = Object.keys(OPERATORS).join(', ');
const SHAPE = `must be a clause like {"path": "data.status", "equals": "paid"}, or one of all, any and not alone`;

/** The filter that some JSON describes, or everything that is wrong with it. */
export function readFilter(input: unknown): Filter | readonly FieldError[] {
  const reader = new FilterReader();
  const filter = reader.read(input, 'filter', 1);
  if (filter === null || reader.faults.length > 0) return reader.faults.slice(0, MAX_FAULTS);
  if (Buffer.byteLength(JSON.stringify(input)) > FILTER_LIMITS.bytes) {
    return [{ field: 'filter', message: `must not have more than ${FILTER_LIMITS.bytes} bytes` }];
  }
  return filter;
}

/** Whether reading gave a filter. */
export function isFilter(read: Filter | readonly FieldError[]): read is Filter {
  return !Array.isArray(read);
}

/** What is wrong with the filter of a subscription. */
export function filterFaults(input: unknown): readonly FieldError[] {
  const read = readFilter(input);
  return isFilter(read) ? [] : read;
}

class FilterReader {
  readonly faults: FieldError[] = [];
  private clauses = 0;

  /** Null where there is a fault. */
  read(value: unknown, place: string, depth: number): Filter | null {
    if (this.faults.length >= MAX_FAULTS) return null;
    if (depth > FILTER_LIMITS.depth + 1) {
      return this.fault(place, `is more than ${FILTER_LIMITS.depth} levels of all, any and not deep`);
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.fault(place, SHAPE);
    const members = Object.entries(value as Record<string, unknown>);
    const [only, second] = members;
    if (only === undefined) return this.fault(place, SHAPE);
    const group = members.find(([name]) => name === 'all' || name === 'any' || name === 'not');
    if (group === undefined) return this.clause(members, place);
    if (second !== undefined) return this.fault(place, `must hold ${group[0]} alone, or a clause`);
    return this.group(group, place, depth);
  }

  private group([name, value]: readonly [string, unknown], place: string, depth: number): Filter | null {
    const inner = `${place}.${name}`;
    if (name === 'not') {
      const part = this.read(value, inner, depth + 1);
      return part && new Not(part);
    }
    if (!Array.isArray(value) || value.length === 0 || value.length > FILTER_LIMITS.clauses) {
      return this.fault(inner, `must be a list of 1 to ${FILTER_LIMITS.clauses} parts`);
    }
    const read = value.map((part: unknown, index) => this.read(part, `${inner}[${index}]`, depth + 1));
    const parts = read.filter((part) => part !== null);
    return name === 'all' ? new AllOf(inner, parts) : new AnyOf(inner, parts);
  }

  private clause(members: readonly [string, unknown][], place: string): Filter | null {
    this.clauses += 1;
    if (this.clauses === FILTER_LIMITS.clauses + 1) {
      return this.fault('filter', `must not have more than ${FILTER_LIMITS.clauses} clauses`);
    }
    const path = FilterPath.read(members.find(([name]) => name === 'path')?.[1]);
    const operators = members.filter(([name]) => name !== 'path');
    if (typeof path === 'string') this.fault(`${place}.path`, path);
    if (operators.length === 0) this.fault(place, `must hold at least one of ${NAMES}`);
    const conditions = operators.map(([name, operand]) => this.condition(`${place}.`, name, operand));
    if (typeof path === 'string') return null;
    return new Clause(
      place,
      path,
      conditions.filter((condition) => condition !== null),
    );
  }

  private condition(place: string, name: string, operand: unknown): Condition | null {
    const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
    const field = `${place}${name.slice(0, 64)}`;
    if (operator === undefined) return this.fault(field, `is not known; a clause holds path and ${NAMES}`);
    const message = operator.faultOf(operand);
    if (message !== null) return this.fault(field, message);
    return { operator: name, operand, test: operator.compile(operand as never) };
  }

  private fault(field: string, message: string): null {
    this.faults.push({ field, message });
    return null;
  }
}
