import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { MODE_TITLES } from '../bars.js';
import { picture } from './picture.js';
import type { BenchResult, CaseRun, Environment, ModeResult } from './result.js';
import { cellsOf, countsLine, HEADINGS, number } from './table.js';

/** Writes docs/performance.md and its picture from a result. */
export function writePage(folder: string, result: BenchResult): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'performance.md'), page(result));
  writeFileSync(path.join(folder, 'performance.svg'), picture(result.rows));
}

export function page(result: BenchResult): string {
  const { environment, rows, modes } = result;
  const sections = [
    '# Performance',
    '<!-- Written by `npm run bench -- --write-docs`; the next such run overwrites it. -->',
    `![Throughput, latency and CPU of this run](performance.svg)`,
    origin(environment, result),
    markdownTable([[...HEADINGS], ...rows.map(cellsOf)]),
    ...leftOut(result),
    '## Correctness of the same run',
    `${countsLine(result)}. ${AT_LEAST_ONCE}`,
    '## What the microseconds are spent on',
    cpuTable(modes),
    METHOD,
    REPEAT,
  ];
  return `${sections.join('\n\n')}\n`;
}

const AT_LEAST_ONCE =
  'A delivery is lost if its event was accepted and it did not arrive, and without an attempt if the database calls it delivered and has no row of an attempt.';

const METHOD = `## How it is measured

- **Ratios.** Every round measures a bare sender before and after the platform: one Node process with undici, an HMAC and a POST of 512 bytes over 200 connections, and nothing else. It is the sender that the bars were measured with; over 100 connections it is about a tenth faster. A ratio compares with the mean of the two in the same round; the table has the median of all rounds with the smallest and the largest. A round whose bare sender differs from the median by more than 40 % is made again: the machine was busy with something else.
- **The naive pipeline** is as durable and written without batches: a transaction for each event, a confirmed message for each delivery, a query, a POST and two writes for each message.
- **The platform** runs with its default settings, everything switched on: guard, validation, retries, logs, metrics. Ten subscriptions, events of about 512 bytes, published in batches of 100 over eight connections, at most 8,000 deliveries outstanding. The rate is what the receiver counted between two looks in the middle of the load.
- **Latency** is measured in an open loop: event k is due at start + k / rate, is published by itself with \`POST /v1/events\` at that time whatever became of the others, and carries that time to the receiver. It goes out on one of 512 connections that were opened before, as an application has them that publishes all day. The generator's own lateness is part of the latency.
- **The receiver** is a process of raw sockets, all read into one buffer, that finds a mark in the body, keeps a log-linear histogram (0.8 %) and counts distinct events at each endpoint. (The bars were measured with a receiver in C.) **CPU** is user and system time from \`/proc\` of all processes of the platform, PostgreSQL and RabbitMQ included, without the receiver and the generator.
- **The backlog** is written as one that has waited for an hour, vacuumed as it would be by then. Its drain and the steady rate are measured half a minute apart, in which a shared machine may become a third faster or slower: each is taken times the receiver's CPU for a delivery, which is the same work in both. The JSON has all four.
- Receiver, generator, platform, PostgreSQL and RabbitMQ share the machine, over loopback and without TLS.`;

const REPEAT = `## Repeat it

\`npm run bench\` measures everything, \`npm run bench -- --quick\` takes a minute, \`npm run bench -- --help\` tells the rest. PostgreSQL and RabbitMQ are started for the run.`;

function origin(environment: Environment, { seconds }: BenchResult): string {
  const { date, commit, node, postgres, cpu, cores, memoryGb, load, fsyncMs } = environment;
  const version = commit === null ? '' : ` at commit ${commit}`;
  return [
    `Measured on ${date.slice(0, 10)}${version}, in ${Math.round(seconds / 60)} minutes:`,
    `${cores} cores of ${cpu}, ${memoryGb} GB, Node ${node}, PostgreSQL ${postgres},`,
    `${number(fsyncMs)} ms for the disk to promise a page, a load of ${load} before the run.`,
    'Everything runs on this one machine, so rates are small; ratios and microseconds carry over.',
  ].join(' ');
}

function leftOut({ leftOut: parts, cases }: BenchResult): string[] {
  const faults = cases.filter((run): run is CaseRun & { fault: string } => 'fault' in run);
  const lines = [
    ...parts,
    ...faults.map(({ name, mode, fault }) => `${name}, ${MODE_TITLES[mode]}: ${fault}`),
  ];
  return lines.length === 0 ? [] : [`Not measured: ${lines.join('; ')}.`];
}

function cpuTable(modes: readonly ModeResult[]): string {
  const lines = modes.flatMap(({ mode, rounds }) => {
    const [first] = rounds;
    if (first === undefined) return [];
    const of = (fanOut: 'fanOut1' | 'fanOut10'): string[] => {
      const parts = Object.keys(first[fanOut].cpuMicros) as (keyof typeof first.fanOut1.cpuMicros)[];
      const mean = (part: (typeof parts)[number]): number =>
        rounds.reduce((sum, round) => sum + (round[fanOut].cpuMicros[part] ?? 0), 0) / rounds.length;
      return [parts.map((part) => `${part} ${Math.round(mean(part))}`).join(', ')];
    };
    return [
      [MODE_TITLES[mode], '1', ...of('fanOut1')],
      [MODE_TITLES[mode], '10', ...of('fanOut10')],
    ];
  });
  return markdownTable([['mode', 'fan-out', 'µs of CPU for each delivery, mean of the rounds'], ...lines]);
}

function markdownTable(lines: readonly (readonly string[])[]): string {
  const [headings = [], ...rest] = lines;
  const widths = headings.map((_, column) =>
    Math.max(3, ...lines.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(headings), rule, ...rest.map(line)].join('\n');
}
