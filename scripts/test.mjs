/**
 * `npm test`: everything, on a fresh clone with only Node and npm. Options go to vitest: `npm test -- --project unit`.
 * Ends with the line `N passed, N failed`; the exit code is 0 only if nothing failed and something ran.
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, ROOT } from './lib/prepare.mjs';
import { printStep, runStep, seconds, STATIC_STEPS } from './lib/steps.mjs';
import { closingLine, summarize } from './lib/test-report.mjs';

const started = Date.now();
const summary = (await prepare())
  ? await testAll()
  : { passed: 0, failures: ['install and build'], skipped: [] };

section('Summary');
for (const name of summary.failures) process.stdout.write(`failed:  ${name}\n`);
for (const name of summary.skipped) process.stdout.write(`skipped: ${name}\n`);
process.stdout.write(`${seconds(Date.now() - started)} in all\n${closingLine(summary)}\n`);
process.exitCode = summary.failures.length > 0 ? 1 : 0;

async function prepare() {
  section('Install and build');
  try {
    await ensureInstalled({ dev: true });
    await ensureBuilt();
    return true;
  } catch (error) {
    process.stdout.write(`${error.message}\n`);
    return false;
  }
}

async function testAll() {
  section('Format, lint and types');
  const steps = await Promise.all(STATIC_STEPS.map(runStep));
  for (const step of steps) printStep(step);
  section('Unit, architecture, integration, contract, end-to-end, browser, timing and chaos tests');
  const { passed, failures, skipped } = await runTests(process.argv.slice(2));
  const broken = steps.filter(({ isOk }) => !isOk).map(({ name }) => name);
  return { passed: passed + steps.length - broken.length, failures: [...broken, ...failures], skipped };
}

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
