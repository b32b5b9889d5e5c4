import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { useStage } from '../support/browser/index.js';

const OWN_PAGES = ['/', '/webhooks', '/inbox'];
const ALL_PAGES = [...OWN_PAGES, '/docs', '/docs/problems', '/docs/problems/not_found'];
const GROUPS = 'Array.from(document.querySelectorAll(".opblock-tag"), ({ dataset }) => dataset.tag)';
const LONG_WORD = 'w'.repeat(2000);

const stage = useStage();

describe('every page', () => {
  beforeAll(async () => {
    const subscriptionId = await stage.connectInbox();
    await stage.sign('W'.repeat(80), LONG_WORD);
    await stage.sign('Ada', 'A short one.\n\nOf two paragraphs.');
    await eventually(async () => {
      const done = await stage.api.deliveries(`subscriptionId=${subscriptionId}&status=delivered`);
      expect(done).toHaveLength(2);
    });
  });
  afterAll(() => stage.resetInbox());

  test.each(OWN_PAGES)('%s leads to the others', async (path) => {
    const page = await stage.visit(path, { javaScript: false });
    const menu = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
    expect(await menu.allTextContents()).toEqual(['Guestbook', 'Webhooks', 'Inbox', 'API']);
    for (const link of await menu.all()) {
      const isCurrent = (await link.getAttribute('href')) === path;
      expect(await link.getAttribute('aria-current')).toBe(isCurrent ? 'page' : null);
    }
  });

  test.each(OWN_PAGES)('%s fits a narrow screen, however long a word or an address is', async (path) => {
    const page = await stage.visit(path, { width: 360 });
    for (const summary of await page.locator('summary').all()) await summary.click();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  });

  test.each(OWN_PAGES.flatMap((path) => [[path, 'light'] as const, [path, 'dark'] as const]))(
    '%s is readable in the %s scheme, and every field and button has a name',
    async (path, scheme) => {
      const page = await stage.visit(path, { scheme });
      const brightness = await page.evaluate<number>(await script('brightness'));
      if (scheme === 'dark') expect(brightness).toBeLessThan(0.2);
      else expect(brightness).toBeGreaterThan(0.7);
      expect(await page.evaluate<string[]>(await script('pale-texts'))).toEqual([]);
      expect(await page.evaluate<string[]>(await script('nameless-controls'))).toEqual([]);
    },
  );

  test.each(['light', 'dark'] as const)('the pages of problems follow the %s scheme', async (scheme) => {
    for (const path of ['/docs/problems', '/docs/problems/not_found']) {
      const page = await stage.visit(path, { scheme });
      const brightness = await page.evaluate<number>(await script('brightness'));
      if (scheme === 'dark') expect(brightness).toBeLessThan(0.2);
      else expect(brightness).toBeGreaterThan(0.7);
      expect(await page.evaluate<string[]>(await script('pale-texts'))).toEqual([]);
    }
  });

  test.each(ALL_PAGES)('%s says its language and title, and has one main heading', async (path) => {
    const page = await stage.visit(path, { javaScript: !OWN_PAGES.includes(path) });
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(await page.title()).not.toBe('');
    expect(await page.locator('h1, h2.title').count()).toBeGreaterThan(0);
  });
});

test('the documentation shows every operation without the internet', async () => {
  const page = await stage.visit('/docs');
  await page.locator('.opblock').first().waitFor();
  const api = (await (await fetch(`${stage.url}/openapi.json`)).json()) as { paths: Record<string, object> };
  const operations = Object.values(api.paths).flatMap((path) => Object.keys(path));
  expect(await page.locator('.opblock').count()).toBe(operations.length);
  const groups = await page.evaluate<string[]>(GROUPS);
  const own = ['events', 'event types', 'subscriptions', 'deliveries', 'admin'];
  expect(groups).toEqual([...own, 'preservica', 'kloudless', 'websub', 'health']);
  expect(await page.locator('.topbar').isVisible()).toBe(false);
  await page.locator('.opblock-summary-control').first().click();
  await page.locator('.opblock-body').first().waitFor();
});

/** A program for the page; test files are checked without the browser's types. */
function script(name: string): Promise<string> {
  return readFile(new URL(`../support/browser/in-page/${name}.js`, import.meta.url), 'utf8');
}
