import { writeFileSync } from 'node:fs';
import { isProven, MODES } from './case.js';
import { OptionsError } from '../support/arguments.js';
import { endModes } from './modes/mode-child.js';
import { isSideBySide, wholeRun } from './modes/whole-run.js';
import { type ChaosOptions, HELP, readOptions, type Wanted } from './options.js';
import { Registry } from './registry.js';
import { writeReport, writeSoak } from './report/reliability.js';
import { isSound, soakLines } from './report/soak-table.js';
import { textTable, totalsLine } from './report/table.js';
import { type ChaosResult, hasFailed } from './result.js';
import { runSoaks } from './soak/soak-runner.js';

/** The command, see `HELP`. */
const startedAt = performance.now();
// What was started is ended when this process exits, however it does.
process.once('SIGINT', () => void leave(130)).once('SIGTERM', () => void leave(143));

async function leave(code: number): Promise<never> {
  await endModes();
  process.exit(code);
}

function note(line: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0).padStart(4);
  process.stderr.write(`${seconds} s  ${line}\n`);
}

function wantedOrExit(registry: Registry): Wanted {
  try {
    const wanted = readOptions(process.argv.slice(2));
    if (typeof wanted === 'string') return wanted;
    const unknown = wanted.only.filter((name) => registry.named(name).length === 0);
    if (unknown.length === 0) return wanted;
    throw new OptionsError(`there is no case ${unknown.join(', ')}; --list shows what there is`);
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

function list(registry: Registry): string {
  const lines = registry.all.map((one) => {
    const rules = isProven(one)
      ? `tests of ${Object.keys(one.provenBy).join(', ')}`
      : MODES.map((mode) => {
          const rule = one.modes[mode];
          return `${mode}: ${typeof rule === 'string' ? rule : 'not applicable'}`;
        }).join(', ');
    return `${one.id}  ${one.name}  (${rules})\n     ${one.inject} -> ${one.expect}`;
  });
  const gaps = registry.gaps().map(({ id, mode }) => `${id} ${mode}`);
  return [...lines, `without a case: ${gaps.length === 0 ? 'none' : gaps.join(', ')}`].join('\n');
}

async function run(options: ChaosOptions, registry: Registry): Promise<number> {
  note(`seed ${options.seed}`);
  const at = new Date().toISOString();
  const results = await wholeRun(options, registry, note);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stdout.write(
    `\n${textTable(results)}\n\n${totalsLine(results)}\nseed ${options.seed}, ${seconds} s\n`,
  );
  const { seed } = options;
  const result: ChaosResult = { seed, startedAt: at, seconds, isSideBySide: isSideBySide(options), results };
  keep(options, result);
  if (options.isForDocs) await writeReport(result);
  return hasFailed(results) || results.length === 0 ? 1 : 0;
}

async function soak(options: ChaosOptions): Promise<number> {
  note(`seed ${options.seed}`);
  const results = await runSoaks(options, note);
  process.stdout.write(`\n${soakLines(results)}\n`);
  keep(options, results);
  if (options.isForDocs) await writeSoak(results);
  return results.every(isSound) ? 0 : 1;
}

function keep({ json }: ChaosOptions, result: unknown): void {
  if (json !== null) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
}

try {
  const registry = await Registry.load();
  const wanted = wantedOrExit(registry);
  if (wanted === 'help') process.stdout.write(HELP);
  else if (wanted === 'list') process.stdout.write(`${list(registry)}\n`);
  else if (wanted.soakMinutes > 0) process.exitCode = await soak(wanted);
  else process.exitCode = await run(wanted, registry);
} catch (error) {
  process.stderr.write(`the command could not run: ${(error as Error).stack ?? String(error)}\n`);
  process.exit(2);
}
