import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { GuestbookFixture } from './guestbook-fixture.js';

let database: TestDatabase;
let guestbook: GuestbookFixture;
beforeAll(async () => {
  database = await createTestDatabase();
  guestbook = await GuestbookFixture.start(database.url);
});
beforeEach(() => guestbook.clear());
afterAll(async () => {
  await guestbook.stop();
  await database.drop();
});

test('a form without a script leads back to the page, with the own entry marked', async () => {
  const response = await guestbook.submit('/entries', { name: 'Ada', message: 'By form' });
  expect(response.status).toBe(303);
  const page = await guestbook.page(response.headers.get('location') ?? '');
  expect(page).toMatch(/class="entry own"/);
  expect(page).toContain('Thank you!');
});

test('a form with faults comes back with what was typed and what to change', async () => {
  const response = await guestbook.submit('/entries', { name: '"><b>x', message: ' ' });
  const page = await response.text();
  expect(response.status).toBe(422);
  expect(response.headers.get('content-type')).toMatch('text/html');
  expect(page).toContain('value="&quot;&gt;&lt;b&gt;x"');
  expect(page).toContain('Please write your message');
  expect(page).toContain('aria-invalid="true"');
});

test('what a form typed into the message comes back unchanged, even with a line break in front', async () => {
  const message = `\n\n${'x'.repeat(2001)}\nend`;
  const page = await (await guestbook.submit('/entries', { name: 'Ada', message })).text();
  expect(page).toMatch(/x{2001}\nend<\/textarea/);
});

test.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</textarea></li></ol><svg/onload=alert(1)>',
  '" autofocus onfocus="alert(1)',
])('%s is only text on the page', async (vector) => {
  await guestbook.signed(vector, vector);
  const page = await guestbook.page();
  expect(page).not.toContain(vector);
  expect(page).not.toMatch(/<script>|<img src=x|<svg\/|onfocus="alert/);
});

test('removing by form leads back, also when the entry is gone already', async () => {
  const { id } = await guestbook.signed('Ada');
  for (const attempt of [1, 2]) {
    const response = await guestbook.submit(`/entries/${id}/delete`, {});
    expect([attempt, response.status]).toEqual([attempt, 303]);
  }
  expect(await guestbook.page('/?removed=1')).toContain('The entry was removed.');
});

test('older entries are one link away, and nothing is shown twice', async () => {
  for (let index = 0; index < 25; index += 1) await guestbook.signed(`Guest ${index}`);
  const first = await guestbook.page();
  const older = await guestbook.page(/href="(\/\?cursor=[^"]+)"/.exec(first)?.[1]);
  expect(namesIn(first)).toHaveLength(20);
  expect(namesIn(older)).toEqual(['Guest 4', 'Guest 3', 'Guest 2', 'Guest 1', 'Guest 0']);
  expect(older).toContain('data-live="removals"');
});

test('pages are small, run nothing inline and are never stored', async () => {
  for (let index = 0; index < 20; index += 1) await guestbook.signed(`Guest ${index}`, 'word '.repeat(100));
  const response = await fetch(guestbook.url);
  const page = await response.text();
  const assets = [...page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
  const sizes = await Promise.all(
    [...new Set(assets)].map(async (path) => (await guestbook.page(path)).length),
  );
  expect(page.length + sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(100_000);
  expect(page).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=/);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'.*script-src 'self'/);
});

test('files may be kept for good under their content’s name, and are asked for again under another', async () => {
  const path = /href="(\/assets\/guestbook\/guestbook\.css[^"]*)"/.exec(await guestbook.page())?.[1] ?? '';
  const kept = await fetch(guestbook.url + path);
  const etag = kept.headers.get('etag') ?? '';
  expect(kept.headers.get('cache-control')).toMatch('immutable');
  const again = await fetch(`${guestbook.url}/assets/guestbook/guestbook.css`, {
    headers: { 'if-none-match': etag },
  });
  expect([again.status, again.headers.get('cache-control')]).toEqual([304, 'no-cache']);
  for (const name of ['nothing.css', '..%2f..%2fpackage.json', '__proto__']) {
    expect((await fetch(`${guestbook.url}/assets/guestbook/${name}`)).status).toBe(404);
  }
});

test('the style sheet that all apps share is served beside the own one, and comes first', async () => {
  const sheets = [...(await guestbook.page()).matchAll(/rel="stylesheet" href="([^"]+)"/g)].map(
    ([, path = '']) => path,
  );
  expect(sheets.map((path) => path.split('?')[0])).toEqual([
    '/assets/guestbook/pages.css',
    '/assets/guestbook/guestbook.css',
  ]);
  for (const path of sheets) expect((await fetch(guestbook.url + path)).status).toBe(200);
});

test('without the platform’s address the webhooks page says how to set it', async () => {
  const page = await guestbook.page('/webhooks');
  expect(page).toContain('BELLHOP_API_URL');
  const response = await guestbook.submit('/webhooks', { url: 'https://example.com' });
  expect([response.status, response.headers.get('content-type')]).toEqual([422, 'text/html; charset=utf-8']);
});

function namesIn(page: string): string[] {
  const list = page.slice(0, page.indexOf('<template'));
  return [...list.matchAll(/<bdi class="name">([^<]*)</g)].map(([, name]) => name ?? '');
}
