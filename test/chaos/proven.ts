import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Mode, ProvenCase } from './case.js';
import { type CaseResult, NOT_RUN } from './result.js';

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly title: string;
      readonly status: string;
      readonly duration?: number;
    }[];
  }[];
}

interface RanTest {
  readonly file: string;
  readonly title: string;
  readonly fullName: string;
  readonly isPassed: boolean;
  readonly ms: number;
}

/** Runs the test files that prove these rows, once, and tells for each row and mode whether all its tests passed. */
export async function provenResults(
  cases: readonly ProvenCase[],
  modes: readonly Mode[],
  note: (line: string) => void,
): Promise<CaseResult[]> {
  const files = [...new Set(cases.flatMap(({ provenBy }) => Object.keys(provenBy)))];
  note(`tests that prove ${cases.length} rows: ${files.join(', ')}`);
  const ran = await runTests(files);
  return cases.flatMap((one) => {
    const { faults, tests } = verdictOf(one, ran);
    const seconds = Math.round(tests.reduce((sum, { ms }) => sum + ms, 0) / 100) / 10;
    const remark =
      faults.length > 0
        ? faults.join('; ')
        : `${tests.length} tests of ${Object.keys(one.provenBy).join(', ')}`;
    const { id, name, inject, expect } = one;
    const verdict = faults.length > 0 ? ('failed' as const) : ('passed' as const);
    return modes.map((mode) => ({ ...NOT_RUN, id, name, mode, inject, expect, verdict, seconds, remark }));
  });
}

function verdictOf(one: ProvenCase, ran: readonly RanTest[]): { faults: string[]; tests: RanTest[] } {
  const faults: string[] = [];
  const tests: RanTest[] = [];
  for (const [file, names] of Object.entries(one.provenBy)) {
    const ofFile = ran.filter((each) => each.file === file);
    if (ofFile.length === 0) faults.push(`${file} ran no test`);
    for (const name of names.length === 0 ? [''] : names) {
      const named = ofFile.filter(
        ({ title, fullName }) => title.startsWith(name) || fullName.startsWith(name),
      );
      if (named.length === 0) faults.push(`${file} has no test that begins with "${name}"`);
      tests.push(...named);
    }
  }
  for (const { isPassed, fullName } of tests) if (!isPassed) faults.push(`failed: ${fullName}`);
  return { faults, tests };
}

async function runTests(files: readonly string[]): Promise<RanTest[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bellhop-chaos-tests-'));
  const output = path.join(folder, 'report.json');
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=json',
    `--outputFile=${output}`,
    ...files,
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  await new Promise((resolve) => child.once('close', resolve));
  try {
    return testsOf(JSON.parse(readFileSync(output, 'utf8')) as VitestReport);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function testsOf({ testResults }: VitestReport): RanTest[] {
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ title, fullName, status, duration = 0 }) => ({
      file: path.relative(process.cwd(), name),
      title,
      fullName,
      isPassed: status === 'passed',
      ms: duration,
    })),
  );
}
