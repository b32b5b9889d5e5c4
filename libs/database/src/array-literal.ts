/**
 * Array parameters as PostgreSQL's own text. The driver escapes every element of an array with two regular expressions;
 * for batches of thousands of ids and numbers that is a tenth of the whole work, and none of them needs it.
 */
const NEEDS_NO_QUOTES = /^[A-Za-z0-9_.:+-]+$/;
const NEEDS_ESCAPE = /["\\]/;

type Plain = string | number | boolean | null;

/** An array of values that need no quotes: ids, numbers, booleans, ISO times; null is NULL. */
export function plainArray(values: readonly Plain[]): string {
  const array = new PlainArray();
  for (const value of values) array.push(value);
  return array.text;
}

/** The same, value by value: one walk over the rows of a batch writes all of its columns. */
export class PlainArray {
  private literal = '';

  push(value: Plain): void {
    this.literal += this.literal === '' ? `${value ?? 'NULL'}` : `,${value ?? 'NULL'}`;
  }

  get text(): string {
    return `{${this.literal}}`;
  }
}

/** An array of any texts; null is NULL. */
export function textArray(values: readonly (string | null)[]): string {
  return `{${values.map(textElement).join(',')}}`;
}

/** An array of byte strings; null is NULL. */
export function bytesArray(values: readonly (Buffer | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : `"\\\\x${value.toString('hex')}"`)).join(',')}}`;
}

function textElement(value: string | null): string {
  if (value === null) return 'NULL';
  // The unquoted word NULL would be read as no value.
  if (NEEDS_NO_QUOTES.test(value) && value.toUpperCase() !== 'NULL') return value;
  if (!NEEDS_ESCAPE.test(value)) return `"${value}"`;
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
