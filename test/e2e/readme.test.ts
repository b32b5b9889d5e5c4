import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { Platform } from '../support/platform/index.js';
import type { WatchedProcess } from '../support/rabbitmq/watched-process.js';
import { type Block, blocksOf } from './docs/markdown.js';
import { endBlock, type Environment, looksLike, runBlock, startBlock } from './docs/run-block.js';

/** In the order in which a reader goes on; all of them on one platform that begins empty. */
const PAGES = [
  'README.md',
  'docs/publishing.md',
  'docs/subscribing.md',
  'docs/receiving.md',
  'docs/operating.md',
  'docs/errors.md',
  'docs/compat/websub.md',
];
const ROLES = new Set(['run', 'background', 'output', 'check', '']);

let platform: Platform;
let ports: readonly [number, number];
let env: Environment;
const running: WatchedProcess[] = [];

beforeAll(async () => {
  [platform, ...ports] = await Promise.all([Platform.start('embedded'), freePort(), freePort()]);
  const { PATH, HOME } = process.env;
  env = { PATH, HOME, BELLHOP_URL: platform.apiUrl, BELLHOP_KEY: platform.adminKey };
}, 90_000);

afterAll(async () => {
  await Promise.all(running.map(endBlock));
  await platform?.stop();
}, 60_000);

test('no block has a role that nobody runs', () => {
  const roles = new Set(PAGES.flatMap((page) => blocksOf(page)).map(({ role }) => role));
  expect([...roles].filter((role) => !ROLES.has(role))).toEqual([]);
});

test('what a page shows is compared: `…` is anything, white space is nothing, all else must be there', () => {
  expect(looksLike('{ "id": "evt_…", "n": 1 }', '{"id":"evt_01","n":1}\n')).toBe(true);
  expect(looksLike('{ "id": "evt_…", "n": 1 }', '{"id":"evt_01","n":2}')).toBe(false);
  expect(looksLike('{ "id": "evt_…" }', '{"id":"evt_01"} and more')).toBe(false);
});

test.each(steps())('$place does what the page says', async ({ block, shown }) => {
  onTestFailed(() => console.log(platform.log));
  if (block.role === 'background') return void running.push(await startBlock(here(block), env));
  if (shown === null) return void (await runBlock(here(block), env));
  let output = await runBlock(here(block), env);
  // Only what reads may be repeated until it shows the end of what the commands before began.
  await eventually(async () => {
    if (!looksLike(here(shown).text, output) && !/ -d | -X POST/.test(block.text))
      output = await runBlock(here(block), env);
    expect(looksLike(here(shown).text, output), `${shown.place} shows something else than\n${output}`).toBe(
      true,
    );
  });
});

interface Step {
  readonly place: string;
  readonly block: Block;
  readonly shown: Block | null;
}

function steps(): Step[] {
  return PAGES.flatMap((page) => {
    const blocks = blocksOf(page);
    return blocks.flatMap((block, at): Step[] => {
      if (block.role !== 'run' && block.role !== 'background') return [];
      const next = blocks[at + 1];
      return [{ place: block.place, block, shown: next?.role === 'output' ? next : null }];
    });
  });
}

/** The same with this run's ports instead of those that a reader would take. */
function here(block: Block): Block {
  const text = block.text.replace(/400([01])/g, (_, at: '0' | '1') => String(ports[at]));
  return { ...block, text };
}
