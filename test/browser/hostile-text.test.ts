import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { useStage } from '../support/browser/index.js';

/** Would set `window.__xss` if anything of them ran; at most 80 characters, as they stand in as names too. */
const VECTORS = [
  '<script>window.__xss=1</script>',
  '<img src=x onerror=window.__xss=1>',
  '<svg/onload=window.__xss=1>',
  '"><img src=x onerror=window.__xss=1>',
  "'><img src=x onerror='window.__xss=1'>",
  '`-window.__xss=1-`',
  '</textarea><script>window.__xss=1</script>',
  '</template></bdi></li><script>window.__xss=1</script>',
  '</code></pre><script>window.__xss=1</script>',
  '--><script>window.__xss=1</script>',
  '<a href="javascript:window.__xss=1">click</a>',
  '<a href="data:text/html,<script>parent.__xss=1</script>">click</a>',
  '<iframe srcdoc="<script>parent.__xss=1</script>"></iframe>',
  '<base href="https://example.org/">',
  '<meta http-equiv="refresh" content="0;url=https://example.org/">',
  '<style>body{display:none}</style>',
  '<form action="https://example.org/"><button>Sign</button>',
  'javascript:window.__xss=1',
  '{{constructor.constructor("window.__xss=1")()}}',
  '${window.__xss=1} <%= 7*7 %> {{7*7}}',
  '&lt;script&gt;window.__xss=1&lt;/script&gt; &amp; &#x3c;',
  '\u202egnp.exe\u202c right to left',
  'раураl, a homoglyph',
  '😀👩‍👩‍👧 𝒜 Z̷̛̫a̸l̶g̵o̴',
] as const;

const stage = useStage();

describe('text of strangers', () => {
  let subscriptionId: string;

  beforeAll(async () => {
    subscriptionId = await stage.connectInbox();
  });
  afterAll(() => stage.resetInbox());

  test('is shown as it was written, and runs nowhere in the guestbook, live or reloaded', async () => {
    const reader = await stage.visit('/');
    for (const vector of VECTORS) await stage.sign(vector.slice(0, 80), vector);
    await eventually(async () => expect(await shown(reader)).toEqual(expected()));
    expect(await strangersMarkup(reader)).toBe(0);
    for (const javaScript of [true, false]) {
      const page = await stage.visit('/', { javaScript });
      expect((await shown(page)).slice(0, 20)).toEqual(expected().slice(0, 20));
      expect(await strangersMarkup(page)).toBe(0);
    }
  });

  test.each([true, false])('comes back into the form as it was written (script: %s)', async (javaScript) => {
    const page = await stage.visit('/', { javaScript });
    for (const vector of [
      '</textarea><script>window.__xss=1</script>',
      '"><img src=x onerror=window.__xss=1>',
    ]) {
      await page.getByLabel('Your name').fill(vector);
      await page.getByLabel('Your message').fill(vector + 'x'.repeat(2000));
      await page.getByRole('button', { name: 'Sign the book' }).click();
      await page.getByText('Please keep your message').waitFor();
      expect(await page.getByLabel('Your name').inputValue()).toBe(vector);
      expect(await page.getByLabel('Your message').inputValue()).toBe(vector + 'x'.repeat(2000));
    }
  });

  test('what no text can hold is replaced, not refused and not cut off', async () => {
    const id = await stage.sign('NUL \0 and half a \ud83d pair', 'a\0b \udc00 c\u0007d');
    const page = await stage.visit('/');
    expect(await page.locator(`#${id} .name`).textContent()).toBe('NUL \ufffd and half a \ufffd pair');
    expect(await page.locator(`#${id} .text`).textContent()).toBe('a\ufffdb \ufffd c\u0007d');
  });

  test.each([true, false])('is only text in the inbox too (script: %s)', async (javaScript) => {
    await untilDelivered(VECTORS.length);
    const page = await stage.visit('/inbox', { javaScript });
    for (const vector of VECTORS) {
      const written = JSON.stringify(vector);
      await page
        .locator('pre')
        .filter({ hasText: `"message": ${written}` })
        .first()
        .waitFor({ state: 'attached' });
    }
    expect(await page.locator('#messages :is(script, img, svg, iframe, base, meta, style, a)').count()).toBe(
      0,
    );
    await page.locator('.message summary').first().click();
    await page.locator('.message pre').first().waitFor();
  });

  test.each([true, false])('is only text as an address of a subscriber (script: %s)', async (javaScript) => {
    const receiver = await stage.receiver({ proof: 'echo' });
    const page = await stage.visit('/webhooks', { javaScript });
    const refused = 'http://127.0.0.1:1/"><img/src=x/onerror=window.__xss=1>';
    await add(page, refused);
    await page.getByText('The challenge failed').waitFor();
    expect(await page.getByLabel('Address').inputValue()).toBe(refused);
    await add(page, `${receiver.url}?"><img/src=x/onerror=window.__xss=1>`);
    await page.getByRole('heading', { name: 'Connected' }).waitFor();
    expect(await page.locator('main :is(img, script)').count()).toBe(0);
    await page
      .locator('.card')
      .filter({ hasText: receiver.url })
      .getByRole('button', { name: /Remove/ })
      .click();
    await page.getByText('The subscriber was removed.').waitFor();
  });

  test.each([
    '/?signed="><script>window.__xss=1</script>&removed=<script>window.__xss=1</script>',
    '/?cursor=<script>window.__xss=1</script>',
    '/webhooks?done=<script>window.__xss=1</script>',
    '/inbox?cursor=<script>window.__xss=1</script>',
    '/docs/problems/<script>window.__xss=1</script>',
    '/%3Cscript%3Ewindow.__xss=1%3C%2Fscript%3E',
  ])('in the address %s is not run', async (path) => {
    const response = await fetch(new URL(path, stage.url));
    const isPage = response.headers.get('content-type')?.startsWith('text/html') ?? false;
    const text = await response.text();
    if (isPage) expect(text).not.toContain('<script>window');
    else expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    if (response.ok) await stage.visit(path);
  });

  async function untilDelivered(count: number): Promise<void> {
    await eventually(async () => {
      const query = `subscriptionId=${subscriptionId}&status=delivered&limit=100`;
      expect((await stage.api.deliveries(query)).length).toBeGreaterThanOrEqual(count);
    });
  }
});

/** Name and message of each entry, the newest first. */
function expected(): string[][] {
  return VECTORS.map((vector) => [vector.slice(0, 80), vector]).reverse();
}

async function shown(page: Page): Promise<string[][]> {
  const names = await page.locator('.entry .name').allTextContents();
  const messages = await page.locator('.entry .text').allTextContents();
  return names.map((name, index) => [name, messages[index] ?? '']).slice(0, VECTORS.length);
}

function strangersMarkup(page: Page): Promise<number> {
  return page.locator('.entry :is(.name, .text) *, .entry :is(script, img, svg, a, iframe, style)').count();
}

async function add(page: Page, url: string): Promise<void> {
  await page.getByLabel('Address').fill(url);
  await page.getByRole('button', { name: 'Challenge and add' }).click();
}
