export interface TestSummary {
  readonly passed: number;
  readonly failures: readonly string[];
  readonly skipped: readonly string[];
}
export function summarize(report: unknown, exitCode: number): TestSummary;
export function closingLine(summary: TestSummary): string;
