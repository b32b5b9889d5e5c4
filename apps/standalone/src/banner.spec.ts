import { expect, test } from 'vitest';
import { loadConfig } from '#libs/config';
import { banner, firstKeyNotice } from './banner.js';

const NEW_KEY = { key: 'bhk_new', isNew: true };

test('the first start shows every address, the admin key and a command that uses it', () => {
  const text = banner(loadConfig({}), NEW_KEY);
  for (const place of ['3000/\n', '3000/inbox', '3000/v1', '3000/docs']) {
    expect(text).toContain(`http://localhost:${place}`);
  }
  expect(text).toMatch(/Admin key +bhk_new/);
  expect(text).toContain('Bearer bhk_new');
});

test("a later start has no key to show, and the operator's own is never shown", () => {
  expect(banner(loadConfig({}), { key: null, isNew: false })).toMatch(/printed by the first start/);
  const own = 'x'.repeat(40);
  const text = banner(loadConfig({ BELLHOP_ADMIN_KEY: own }), { key: own, isNew: false });
  expect(text).toMatch(/as in BELLHOP_ADMIN_KEY/);
  expect(text).not.toContain(own);
});

test('it says that subscribers on this machine are allowed only where they are', () => {
  expect(banner(loadConfig({}), NEW_KEY)).toMatch(/subscribers on this machine/);
  const production = loadConfig({ NODE_ENV: 'production', BELLHOP_ALLOW_EMBEDDED: '1' });
  expect(banner(production, NEW_KEY)).not.toMatch(/subscribers on this machine/);
});

test('a key that was made by a start that failed is not lost', () => {
  expect(firstKeyNotice(NEW_KEY)).toContain('bhk_new');
  expect(firstKeyNotice({ key: null, isNew: false })).toBe('');
});
