import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { allSettings } from '#libs/config';
import { PROBLEMS } from '../../apps/api/src/docs/problems.js';
import { argumentWords, memberWords, problemCodes, unionWords } from './docs/code-words.js';
import { anchorsOf, blocksOf, describedUnder, linksOf, markdownFiles, tableRows } from './docs/markdown.js';

const FILES = markdownFiles();
const ERRORS = 'docs/errors.md';
/** What Fastify and Nest refuse by themselves. */
const STATUSES = '400 401 403 404 405 408 413 414 415 429'.split(' ');
const sorted = (words: readonly string[]): string[] => [...new Set(words)].sort();

test.each(FILES)('every link of %s leads to a file, and to a heading that is there', (file) => {
  const broken = linksOf(file).filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [place = '', anchor] = target.split('#');
    const goal = place === '' ? file : path.join(path.dirname(file), place);
    return !existsSync(goal) || (anchor !== undefined && !anchorsOf(goal).includes(anchor));
  });
  expect(broken).toEqual([]);
});

test('the pages speak of every setting, as the settings describe themselves', () => {
  const [, table = ''] =
    /<!-- settings:.*-->([^]*)<!-- \/settings -->/.exec(readFileSync('README.md', 'utf8')) ?? [];
  const shown = tableRows(table).map((cells) => cells.map((cell) => cell.replaceAll('`', '')));
  const described = allSettings().map(({ name, defaultValue, description }) => [
    name,
    defaultValue ?? '',
    description,
  ]);
  expect(shown, 'run `npm run build && node scripts/settings-table.mjs`').toEqual(described);
});

describe('the page of errors', () => {
  test('describes every code of a problem document, and no other', () => {
    const ofFramework = STATUSES.flatMap((status) => memberWords('libs/http-api/src/problem.ts', status));
    const explained = PROBLEMS.map(({ code }) => code);
    const codes = sorted([...problemCodes(), ...explained, ...ofFramework, ...argumentWords('problemOf', 1)]);
    expect(sorted(describedUnder(ERRORS, '## Problem codes'))).toEqual(codes);
    expect(explained).toEqual(expect.arrayContaining([...ofFramework, ...argumentWords('problemOf', 1)]));
  });

  test('says of a code what its own page says', () => {
    const rows = tableRows(readFileSync(ERRORS, 'utf8'));
    for (const { code, status, meaning, remedy } of PROBLEMS) {
      const row = [`\`${code}\``, String(status), meaning, remedy].map((cell) =>
        cell.replace(/<\/?code>/g, '`'),
      );
      expect(rows).toContainEqual(row);
    }
  });

  test('describes every error type of an attempt, and no other', () => {
    const settle = 'libs/deliveries/src/settle/attempt-outcome.ts';
    const words = [
      ...unionWords('OutboundErrorType'),
      ...memberWords(settle, 'errorType'),
      ...argumentWords('retryable', 0, settle),
      ...memberWords('libs/deliveries/src/dispatch/attempter.ts', 'errorType'),
    ];
    expect(sorted(describedUnder(ERRORS, '## Error types of an attempt'))).toEqual(sorted(words));
  });

  test('describes every fault of a challenge, and no other', () => {
    expect(sorted(describedUnder(ERRORS, '## Faults of a challenge'))).toEqual(
      sorted(unionWords('ProofFault')),
    );
  });
});

test('the TypeScript on the pages compiles against the code', () => {
  const folder = 'test-results/docs';
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const blocks = FILES.flatMap(blocksOf).filter(({ role }) => role === 'check');
  expect(blocks.length).toBeGreaterThan(0);
  const isWhole = (text: string): boolean => text.startsWith('import ');
  blocks.forEach(({ text }, at) =>
    writeFileSync(`${folder}/${at}.ts`, `${isWhole(text) ? '' : PREAMBLE}${text}`),
  );
  const config = {
    extends: '../../tsconfig.json',
    compilerOptions: { rootDir: '../..', noEmit: true },
    include: ['*.ts'],
  };
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(config));
  const compile = (): Buffer =>
    execFileSync(process.execPath, ['node_modules/typescript7/bin/tsc', '-p', folder], { stdio: 'pipe' });
  expect(compile).not.toThrow();
});

const PREAMBLE = `import { Injectable, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Publisher, PublisherModule } from '#libs/outbox';
`;
