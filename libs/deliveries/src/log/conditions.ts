/** Conditions on `d` and their parameters, which follow `$2`. */
export class Conditions {
  readonly indexed: string[] = [];
  readonly checked: string[] = [];
  readonly values: unknown[] = [];

  index(condition: string, value?: unknown): void {
    this.indexed.push(this.filled(condition, value));
  }

  check(condition: string, value: unknown): void {
    if (value !== undefined && value !== null) this.checked.push(this.filled(condition, value));
  }

  private filled(condition: string, value: unknown): string {
    if (!condition.includes('?')) return condition;
    this.values.push(value);
    return condition.replace('?', `$${this.values.length + 2}`);
  }
}
