import { readFileSync } from 'node:fs';
import { type Config, format } from 'prettier';
import { expect, test } from 'vitest';
import type { BenchResult, ModeResult } from './result.js';
import { page } from './page.js';
import { picture } from './picture.js';
import { rowsOf } from './rows.js';
import { textTable } from './table.js';

const NOTHING = { expected: 0, delivered: 0, duplicates: 0, lost: 0, withoutAttempt: 0 };
const TIMES = { count: 10, p50: 1, p90: 2, p99: 3.5, p999: 4, max: 5 };
const FIGURE = { latency: TIMES, lag: TIMES, cpuMicros: { api: 1 }, counts: NOTHING };
const SATURATED = {
  perSecond: 10_000,
  cpuMicros: { api: 30, postgres: 40.4 },
  platformMicros: 70.4,
  counts: NOTHING,
};

function sample(): BenchResult {
  const round = {
    bare: { perSecond: 20_000, cpuMicros: 25 },
    naive: { perSecond: 0 },
    fanOut1: SATURATED,
    fanOut10: { ...SATURATED, perSecond: 12_345 },
    ingest: { perSecond: 40_000 },
    at200: FIGURE,
    at2000: FIGURE,
  };
  const full: ModeResult = { mode: 'full', rounds: [round, round], invalid: [], counts: NOTHING };
  const environment = {
    date: '2026-01-02T03:04:05.000Z',
    commit: 'abc1234',
    node: 'v20.0.0',
    postgres: '18.4',
    cpu: 'Some CPU',
    cores: 2,
    memoryGb: 8,
    load: 0.25,
    fsyncMs: 0.094,
  };
  const rows = rowsOf([full], [], (_figure, mode) => mode === 'full');
  const leftOut = ['one process + PostgreSQL: not asked for'];
  return { environment, options: {}, rows, counts: NOTHING, modes: [full], cases: [], leftOut, seconds: 700 };
}

test('the page is formatted as the repository wants its pages', async () => {
  const config = JSON.parse(readFileSync('.prettierrc.json', 'utf8')) as Config;
  const text = page(sample());
  expect(await format(text, { ...config, parser: 'markdown' })).toBe(text);
});

test('the page says what was measured, what was not, and where', () => {
  const text = page(sample());
  expect(text).toContain('2 cores of Some CPU');
  expect(text).toMatch(
    /\| fan-out 1, over the bare sender +\| RabbitMQ \+ PostgreSQL +\| 0\.5 × \(0\.5–0\.5\)/,
  );
  expect(text).toMatch(/over the naive pipeline +\| RabbitMQ \+ PostgreSQL +\| not measured/);
  expect(text).toContain('Not measured: one process + PostgreSQL: not asked for.');
});

test('the picture has a bar for each figure that was measured, inside its frame', () => {
  const svg = picture(sample().rows);
  expect(svg.match(/<rect class="two"/g)).toHaveLength(10);
  const [, width = 0] = /viewBox="0 0 (\d+)/.exec(svg) ?? [];
  const right = [...svg.matchAll(/<rect [^>]*x="([\d.]+)"[^>]*width="([\d.]+)"/g)];
  for (const [, x, length] of right) expect(Number(x) + Number(length)).toBeLessThanOrEqual(Number(width));
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});

test('the table says yes or no only where there is a bar and a measurement', () => {
  const lines = textTable(sample().rows).split('\n');
  expect(lines.find((line) => line.includes('publish → arrival at 200/s, p50'))).toMatch(/yes$/);
  expect(lines.find((line) => line.includes('fan-out 1, over the naive'))).not.toMatch(/yes|NO/);
});
