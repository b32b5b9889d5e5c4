import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { OptionsError } from '../test/support/arguments.js';
import { Benchmark, PARTS } from './benchmark.js';
import { type BenchOptions, HELP, readOptions } from './options.js';
import { writePage } from './report/page.js';
import type { BenchResult } from './report/result.js';
import { countsLine, textTable } from './report/table.js';
import { exitCodeOf, faultsOf } from './report/verdict.js';

/** The command, see `HELP`. */
const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));
const startedAt = performance.now();
// What was started is stopped when this process exits, however it does.
process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));

function note(line: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0).padStart(4);
  process.stderr.write(`${seconds} s  ${line}\n`);
}

function optionsOrExit(): BenchOptions {
  try {
    const options = readOptions(process.argv.slice(2), PARTS);
    if (options !== null) return options;
    process.stdout.write(HELP.replace('NAMES', PARTS.join(', ')));
    process.exit(0);
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

function publish(options: BenchOptions, result: BenchResult): void {
  process.stderr.write(`\n${textTable(result.rows)}\n\n${countsLine(result)}\n`);
  for (const line of result.leftOut) process.stderr.write(`left out: ${line}\n`);
  for (const run of result.cases) {
    if ('fault' in run) process.stderr.write(`failed: ${run.name}, ${run.mode}: ${run.fault}\n`);
  }
  const json = `${JSON.stringify(result, null, 2)}\n`;
  if (options.json === null) process.stdout.write(json);
  else writeFileSync(options.json, json);
  if (options.writeDocs) writePage(DOCS, result);
}

const options = optionsOrExit();
try {
  const result = await Benchmark.run(options, note);
  publish(options, result);
  for (const fault of faultsOf(result, options.isQuick)) process.stderr.write(`${fault}\n`);
  process.exitCode = exitCodeOf(result, options.isQuick);
} catch (error) {
  process.stderr.write(`the benchmark could not run: ${(error as Error).stack ?? String(error)}\n`);
  process.exitCode = 2;
}
