import { type FigureKey, FIGURES, MODE_TITLES } from '../bars.js';
import type { BenchResult, Row } from './result.js';

export const HEADINGS = ['figure', 'mode', 'median (min–max)', 'bar', 'reach', 'met'] as const;

/** Cells of one line of the table. */
export function cellsOf(row: Row): string[] {
  const { title, mode, spread, isMet } = row;
  const measured =
    spread === null
      ? 'not measured'
      : `${number(spread.median)} ${row.unit} (${number(spread.min)}–${number(spread.max)})`;
  const met = isMet === null ? '' : isMet ? 'yes' : 'NO';
  return [title, MODE_TITLES[mode], measured, limit(row, row.bar), limit(row, row.reach), met];
}

function limit({ figure, unit }: Row, value: number | null): string {
  if (value === null) return '';
  return `${sign(figure)} ${number(value)} ${unit}`;
}

function sign(figure: FigureKey): string {
  return FIGURES[figure].better === 'higher' ? '≥' : '≤';
}

/** Three digits that matter. */
export function number(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(size >= 100 ? 4 : 3)));
}

export function textTable(rows: readonly Row[]): string {
  const lines = [[...HEADINGS], ...rows.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function countsLine({ counts }: BenchResult): string {
  const { expected, delivered, duplicates, lost, withoutAttempt } = counts;
  return [
    `${number(expected)} deliveries accepted`,
    `${number(delivered)} arrived`,
    `${number(lost)} lost`,
    `${number(duplicates)} twice`,
    `${number(withoutAttempt)} without an attempt`,
  ].join(', ');
}
