import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { format, resolveConfig } from 'prettier';
import { type Mode, MODES } from '../case.js';
import { EMPTY_TALLY, sumOf } from '../oracle/tally.js';
import type { CaseResult, ChaosResult } from '../result.js';
import type { SoakResult } from '../soak/soak-result.js';

const PAGE = 'docs/reliability.md';
const HEADINGS = ['row', 'what is done', 'what must happen', ...MODES];
const SOAK_HEADINGS = [
  'mode',
  'minutes',
  'kills and freezes',
  'accepted',
  'delivered',
  'lost',
  'twice',
  'allowed twice',
  'recovered',
  'drained in',
];

/** Writes the last run of all cases into the page. */
export function writeReport(result: ChaosResult): Promise<void> {
  return replaceSection('report', reportText(result));
}

/** Writes the last soak into the page. */
export function writeSoak(results: readonly SoakResult[]): Promise<void> {
  return replaceSection('soak', soakText(results));
}

export function reportText({ results, seed, startedAt, seconds, isSideBySide }: ChaosResult): string {
  const ran = results.filter(({ verdict }) => verdict !== 'missing');
  const count = (verdict: CaseResult['verdict']): number =>
    results.filter((each) => each.verdict === verdict).length;
  const tally = sumOf(results.map((each) => each.tally ?? EMPTY_TALLY));
  const points = new Set(results.flatMap(({ fired }) => fired)).size;
  const sums = [
    `${startedAt.slice(0, 10)}, seed ${seed}, ${durationOf(seconds)} on ${availableParallelism()} cores, the modes`,
    `${isSideBySide ? 'side by side' : 'one after the other'}:`,
    `**${count('passed')} passed, ${count('failed')} failed,** ${count('not applicable')} not applicable.`,
    `${tally.accepted} events accepted, ${tally.delivered} deliveries made, **${tally.lost} lost**,`,
    `${tally.duplicated} made twice, ${tally.recovered} recovered after a death, ${tally.repaired} repaired by reconciliation; killed at ${points} different points.`,
  ];
  const names = [...new Set(ran.map(({ id, name }) => `${id} ${name}`))].toSorted();
  const rows = names.map((name) => rowOf(ran.filter((each) => `${each.id} ${each.name}` === name)));
  return [sums.join(' '), table(HEADINGS, rows), notesOf(ran)].join('\n\n');
}

function durationOf(seconds: number): string {
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export function soakText(results: readonly SoakResult[]): string {
  const rows = results.map(({ mode, minutes, kills, concurrency, tally, drainSeconds }) => [
    mode,
    String(minutes),
    String(kills),
    ...[tally.accepted, tally.delivered, tally.lost, tally.duplicated].map(String),
    String(kills * concurrency),
    String(tally.recovered),
    `${drainSeconds} s`,
  ]);
  const [first] = results;
  const about = `${first?.at.slice(0, 10) ?? ''}, seed ${first?.seed ?? ''}.`;
  const details = results.map(({ mode, injuries, peaks, faults, notAcceptedForTheBroker }) => {
    const counts = Object.entries(injuries).map(([name, times]) => `${name} ${times}×`);
    const peak = `at most ${peaks.megabytes} MB and ${peaks.descriptors} descriptors in one process`;
    const broker =
      mode === 'full' ? `, ${notAcceptedForTheBroker} events not accepted while only RabbitMQ was away` : '';
    const ends = faults.length === 0 ? 'nothing was wrong' : `wrong: ${faults.join('; ')}`;
    return `- **${mode}**: ${counts.join(', ')}; ${peak}${broker}; ${ends}.`;
  });
  return [about, table(SOAK_HEADINGS, rows), details.join('\n')].join('\n\n');
}

function rowOf(results: readonly CaseResult[]): string[] {
  const [first] = results;
  if (first === undefined) return [];
  const cells = MODES.map((mode) => cellOf(mode, results));
  return [`${first.id} ${first.name}`, first.inject, first.expect, ...cells];
}

function cellOf(mode: Mode, results: readonly CaseResult[]): string {
  const all = results.filter((each) => each.mode === mode);
  const failed = all.find(({ verdict }) => verdict === 'failed');
  const result = failed ?? all[0];
  if (result === undefined) return '';
  if (result.verdict === 'not applicable') return '–';
  return result.verdict === 'passed' ? `${result.seconds.toFixed(1)} s` : 'FAILED';
}

/** Why a mode cannot have a fault, each reason once; and what went wrong. */
function notesOf(results: readonly CaseResult[]): string {
  const reasons = new Map<string, Set<string>>();
  for (const { id, verdict, remark } of results) {
    if (verdict !== 'not applicable') continue;
    reasons.set(remark, (reasons.get(remark) ?? new Set()).add(id));
  }
  const lines = [...reasons].map(([reason, ids]) => `- ${[...ids].join(', ')}: ${reason}`);
  const failures = results.filter(({ verdict }) => verdict === 'failed');
  const wrong = failures.map(({ id, name, mode, remark }) => `- **${id} ${name}, ${mode}**: ${remark}`);
  return [
    ...wrong,
    ...(lines.length > 0 ? ['– means that the mode cannot have the fault:', ''] : []),
    ...lines,
  ].join('\n');
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}

async function replaceSection(name: string, text: string): Promise<void> {
  const page = await readFile(PAGE, 'utf8');
  const section = new RegExp(`(<!-- ${name}:.*-->\\n)[^]*(<!-- /${name} -->)`);
  if (!section.test(page)) throw new Error(`${PAGE} has no place for the ${name}`);
  const written = page.replace(section, (_, begin: string, end: string) => `${begin}\n${text}\n\n${end}`);
  const options = await resolveConfig(PAGE);
  await writeFile(PAGE, await format(written, { ...options, filepath: PAGE }));
}
