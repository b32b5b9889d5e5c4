import { EMPTY_TALLY, sumOf } from '../oracle/tally.js';
import type { CaseResult } from '../result.js';

const HEADINGS = [
  'row',
  'case',
  'mode',
  'verdict',
  's',
  'accepted',
  'delivered',
  'lost',
  'twice',
  'recovered',
  'MB',
];

/** A row without a case would take three lines to say nothing. */
function remarkLines(result: CaseResult): string[] {
  return result.verdict === 'missing' ? [] : result.remark.split('\n').map((line) => `      ${line}`);
}

/** One line for each case and mode, with the reason under those that did not pass. */
export function textTable(results: readonly CaseResult[]): string {
  const rows = results.map(cellsOf);
  const lines = [HEADINGS, ...rows];
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  const texts = lines.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return texts.flatMap((text, index) => [text, ...remarksOf(results[index - 1])]).join('\n');
}

export function totalsLine(results: readonly CaseResult[]): string {
  const count = (verdict: CaseResult['verdict']): number =>
    results.filter((result) => result.verdict === verdict).length;
  const { accepted, delivered, lost, duplicated, recovered, repaired } = sumOf(
    results.map(({ tally }) => tally ?? EMPTY_TALLY),
  );
  const verdicts = (['passed', 'failed', 'not applicable', 'missing'] as const).map(
    (each) => `${count(each)} ${each}`,
  );
  return (
    `${verdicts.join(', ')}\n${accepted} events accepted, ${delivered} deliveries made, ` +
    `${lost} lost, ${duplicated} twice, ${recovered} recovered, ${repaired} repaired by reconciliation`
  );
}

function cellsOf({ id, name, mode, verdict, seconds, tally, peaks }: CaseResult): string[] {
  const counts =
    tally === null
      ? ['', '', '', '', '']
      : [tally.accepted, tally.delivered, tally.lost, tally.duplicated, tally.recovered];
  return [
    id,
    name,
    mode,
    verdict === 'failed' ? 'FAILED' : verdict,
    seconds.toFixed(1),
    ...counts.map(String),
    peaks === null ? '' : String(peaks.megabytes),
  ];
}

function remarksOf(result: CaseResult | undefined): string[] {
  if (result === undefined || result.remark === '' || result.verdict === 'passed') return [];
  return remarkLines(result);
}
