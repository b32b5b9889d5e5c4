import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { blocksOf } from '../../e2e/docs/markdown.js';
import { generated } from './generated.js';
import { rightCases, wrongCases } from './verify/cases.js';
import { LANGUAGES, pageOf, say, toolOf } from './verify/languages.js';
import { vectorTable } from './verify/vector-table.js';

const RIGHT = rightCases();
const WRONG = wrongCases();
/** Loading and compiling may take long where it is done at all. */
const TIMEOUT_MS = 300_000;

const found = LANGUAGES.map((language) => ({ ...language, tool: toolOf(language) }));
const here = found.filter(({ tool }) => tool !== null);
const absent = found.filter(({ tool }) => tool === null);

const headings = (page: string): string[] =>
  [...readFileSync(page, 'utf8').matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);

test('there is a vector for each scheme', () => {
  const schemes = new Set(RIGHT.map(({ scheme }) => scheme));
  expect(schemes.size).toBe(10);
  expect(WRONG.length).toBeGreaterThan(RIGHT.length);
});

describe.concurrent('snippets', () => {
  test.each(here)(
    '$name: the snippets on the page say yes to every vector, and no to what is a little wrong',
    async (language) => {
      const cases = [...RIGHT, ...WRONG];
      const said = await say(language, language.tool ?? '', cases);
      const wrong = cases.filter(({ expected }, at) => said[at] !== expected).map(({ name }) => name);
      expect(wrong).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

if (absent.length > 0) {
  test.each(absent)(
    '$name: NOT RUN here, as there is no program for it ($variable can name one)',
    (language) => {
      expect(language.tool).toBeNull();
      expect(readFileSync('docs/verify/README.md', 'utf8')).toContain(`](${language.page}.md)`);
    },
  );
}

test.each([...LANGUAGES])('$name: the page has a snippet for each scheme', (language) => {
  const page = pageOf(language);
  const schemes = headings('docs/verify/node.md');
  expect(headings(page)).toEqual(schemes);
  expect(blocksOf(page).filter(({ role }) => role === 'snippet')).toHaveLength(schemes.length);
});

test('the table of vectors is the one that the snippets are held to', async () => {
  const { inFile, made } = await generated('docs/verify/vectors.md', { vectors: vectorTable(RIGHT) });
  expect(inFile, 'UPDATE=1 writes it').toBe(made);
});
