/**
 * `npm test`: everything, on a fresh clone with only Node and npm. Options go to vitest: `npm test -- --project unit`.
 * Ends with the line `N passed, N failed`; the exit code is 0 only if nothing failed and something ran.
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { ensureBuilt, ensureInstalled } from './lib/prepare.mjs';

const started = Date.now();
section('Install and build');
await ensureInstalled({ dev: true });
await ensureBuilt();
// Only now: what they need may just have been installed.
const { printStep, ROOT, runStep, seconds, STATIC_STEPS } = await import('./lib/steps.mjs');
const { closingLine, summarize } = await import('./lib/test-report.mjs');

section('Format, lint and types');
const steps = await Promise.all(STATIC_STEPS.map(runStep));
for (const step of steps) printStep(step);

section('Unit, architecture, integration, contract, end-to-end and browser tests');
const tests = await runTests(process.argv.slice(2));

section('Summary');
const summary = {
  passed: tests.passed + steps.filter(({ isOk }) => isOk).length,
  failures: [...steps.filter(({ isOk }) => !isOk).map(({ name }) => name), ...tests.failures],
  skipped: tests.skipped,
};
for (const name of summary.failures) process.stdout.write(`failed:  ${name}\n`);
for (const name of summary.skipped) process.stdout.write(`skipped: ${name}\n`);
process.stdout.write(`${seconds(Date.now() - started)} in all\n${closingLine(summary)}\n`);
process.exitCode = summary.failures.length > 0 ? 1 : 0;

async function runTests(options) {
  const file = path.join(ROOT, 'test-results', 'tests.json');
  await mkdir(path.dirname(file), { recursive: true });
  await rm(file, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const args = ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...options];
  const { isOk } = await runStep({ name: 'tests', args, show: true });
  const text = await readFile(file, 'utf8').catch(() => 'null');
  return summarize(JSON.parse(text), isOk ? 0 : 1);
}

function section(title) {
  process.stdout.write(`\n== ${title}\n`);
}
