import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { useStage } from '../support/browser/index.js';

const stage = useStage();

describe('with a script', () => {
  test('an entry appears without a reload, marked as the own one, and in every other open page', async () => {
    const reader = await stage.visit('/');
    const page = await stage.visit('/');
    await page.evaluate('window.isSamePage = true');
    await fillIn(page, { name: 'Ada', message: 'Hello\nfrom a script 😀' });
    await page.getByRole('button', { name: 'Sign the book' }).click();
    await entry(page, 'from a script').and(page.locator('.own')).waitFor();
    await page.getByText('Thank you! Your entry is in the book.').waitFor();
    await entry(reader, 'from a script').waitFor();
    expect(await page.evaluate('window.isSamePage')).toBe(true);
    expect(await page.getByLabel('Your message').inputValue()).toBe('');
    expect(await entry(page, 'from a script').count()).toBe(1);
    expect(await entry(reader, 'from a script').locator('.text').textContent()).toBe(
      'Hello\nfrom a script 😀',
    );
  });

  test('what is missing is said beside the field, and what was typed stays', async () => {
    const page = await stage.visit('/');
    await fillIn(page, { name: 'Grace', message: '   ' });
    await page.getByRole('button', { name: 'Sign the book' }).click();
    await page.getByText('Please write your message').waitFor();
    expect(await page.getByLabel('Your name').inputValue()).toBe('Grace');
    expect(await page.getByLabel('Your message').getAttribute('aria-invalid')).toBe('true');
    expect(await focused(page)).toBe('message');
    await fillIn(page, { name: 'Grace', message: 'now with text' });
    await page.getByRole('button', { name: 'Sign the book' }).click();
    await entry(page, 'now with text').waitFor();
    // The entry may come by the live feed before the answer to the form.
    await expect.poll(() => page.getByText('Please write your message').count()).toBe(0);
  });

  test('a removed entry leaves every open page', async () => {
    await stage.sign('Barbara', 'remove me');
    const reader = await stage.visit('/');
    const page = await stage.visit('/');
    await entry(page, 'remove me').getByRole('button').click();
    await entry(page, 'remove me').waitFor({ state: 'detached' });
    await entry(reader, 'remove me').waitFor({ state: 'detached' });
    await page.getByText('The entry was removed.').waitFor();
    await page.reload();
    expect(await entry(page, 'remove me').count()).toBe(0);
  });

  test('the keyboard is enough to sign', async () => {
    const page = await stage.visit('/');
    await tabTo(page, 'name');
    await page.keyboard.type('Katherine');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('message');
    await page.keyboard.type('typed, not clicked');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await entry(page, 'typed, not clicked').waitFor();
  });

  test('the keyboard reaches and scrolls a message that is higher than its area, live or reloaded', async () => {
    const page = await stage.visit('/', { width: 360 });
    await stage.sign('Dorothy', 'line\n'.repeat(200));
    await stage.sign('Mary', 'short');
    const long = page.getByRole('group', { name: 'Message by Dorothy' });
    for (const look of ['live', 'reloaded']) {
      await entry(page, 'short').first().waitFor();
      await long.focus();
      await page.keyboard.press('End');
      await eventually(async () =>
        expect(await page.evaluate('document.activeElement.scrollTop')).toBeGreaterThan(100),
      );
      expect(await page.getByRole('group', { name: 'Message by Mary' }).count(), look).toBe(0);
      await page.reload();
    }
  });

  test('who comes back to a page in the history sees what was written meanwhile', async () => {
    const page = await stage.visit('/');
    await page.goto('/webhooks');
    await stage.sign('Edsger', 'written meanwhile');
    await page.goBack();
    await entry(page, 'written meanwhile').waitFor();
    await stage.sign('Edsger', 'written afterwards');
    await entry(page, 'written afterwards').waitFor();
  });

  test('an entry that arrives while the list is being read again stays', async () => {
    const page = await stage.visit('/');
    await page.goto('/webhooks');
    await page.route('**/entries?limit=*', async (route) => {
      const response = await route.fetch();
      await stage.sign('Radia', 'arrived meanwhile');
      await entry(page, 'arrived meanwhile').waitFor();
      await route.fulfill({ response });
    });
    const read = page.waitForResponse(/entries\?limit/);
    await page.goBack();
    await read;
    await stage.sign('Radia', 'written after that');
    await entry(page, 'written after that').waitFor();
    expect(await entry(page, 'arrived meanwhile').count()).toBe(1);
    expect(await entry(page, 'arrived meanwhile').and(page.locator('.leaving')).count()).toBe(0);
  });
});

describe('without a script', () => {
  const visit = (): Promise<Page> => stage.visit('/', { javaScript: false });

  test('signing leads back to the page, with the own entry highlighted', async () => {
    const page = await visit();
    await fillIn(page, { name: 'Alan', message: 'Hello without\na script' });
    await page.getByRole('button', { name: 'Sign the book' }).click();
    const id = new URL(page.url()).searchParams.get('signed') ?? '';
    expect(new URL(page.url())).toMatchObject({ pathname: '/', hash: `#${id}` });
    const thanks = await page.getByText('Thank you! Your entry is in the book.').boundingBox();
    expect(thanks?.y, 'scrolled out of sight').toBeGreaterThanOrEqual(0);
    const own = page.locator('.own');
    expect(await own.getAttribute('id')).toBe(id);
    expect(await own.locator('.text').textContent()).toBe('Hello without\na script');
    await page.reload();
    expect(await entry(page, 'Hello without').count()).toBe(1);
  });

  test('what is missing is said beside the field, and what was typed stays', async () => {
    const page = await visit();
    const message = '\nstarts with an empty line & "quotes"';
    await fillIn(page, { name: ' ', message });
    await page.getByRole('button', { name: 'Sign the book' }).click();
    await page.getByText('Please write your name').waitFor();
    expect(await page.getByLabel('Your message').inputValue()).toBe(message.trim());
    expect(await page.getByLabel('Your name').getAttribute('aria-invalid')).toBe('true');
    expect(await focused(page)).toBe('name');
  });

  test('an entry that is too long is refused with the number of characters, and nothing is lost', async () => {
    const page = await visit();
    const message = 'w'.repeat(2001);
    await fillIn(page, { name: 'Donald', message });
    await page.getByRole('button', { name: 'Sign the book' }).click();
    await page.getByText('Please keep your message to 2000 characters; it has 2001.').waitFor();
    expect(await page.getByLabel('Your message').inputValue()).toBe(message);
  });

  test('an entry can be removed', async () => {
    await stage.sign('Barbara', 'remove me by form');
    const page = await visit();
    await entry(page, 'remove me by form').getByRole('button').click();
    await page.getByText('The entry was removed.').waitFor();
    expect(await entry(page, 'remove me by form').count()).toBe(0);
  });
});

test.each([true, false])(
  'older entries follow on a page of their own, none twice (script: %s)',
  async (javaScript) => {
    for (let n = 0; n < 25; n += 1) await stage.sign('Page', `number ${n} of many`);
    const page = await stage.visit('/webhooks', { javaScript });
    await (javaScript ? goAndRefresh(page) : page.goto('/'));
    const newest = await entryIds(page);
    expect(newest).toHaveLength(20);
    await page.getByRole('link', { name: 'Older entries' }).click();
    await entry(page, 'number 0 of many').first().waitFor();
    const older = await entryIds(page);
    expect(older.filter((id) => newest.includes(id))).toEqual([]);
    await page.getByRole('link', { name: 'Back to the newest entries' }).click();
    await entry(page, 'number 24 of many').first().waitFor();
  },
);

/** Until the script has asked for the newest entries and shown them. */
async function goAndRefresh(page: Page): Promise<void> {
  const asked = page.waitForResponse((response) => response.url().endsWith('/entries?limit=50'));
  await page.goto('/');
  await (await asked).finished();
  // Answered after the script's own question, so the page has worked off that one by now.
  await page.evaluate('fetch("/entries?limit=1").then((response) => response.json()).then(() => null)');
}

function entryIds(page: Page): Promise<string[]> {
  return page.evaluate<string[]>('Array.from(document.querySelectorAll(".entry"), ({ id }) => id)');
}

async function fillIn(page: Page, { name, message }: { name: string; message: string }): Promise<void> {
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Your message').fill(message);
}

function entry(page: Page, text: string): ReturnType<Page['locator']> {
  return page.locator('.entry').filter({ hasText: text });
}

function focused(page: Page): Promise<string> {
  return page.evaluate<string>('document.activeElement.id');
}

async function tabTo(page: Page, id: string): Promise<void> {
  for (let presses = 0; presses < 20 && (await focused(page)) !== id; presses += 1) {
    await page.keyboard.press('Tab');
  }
  expect(await focused(page)).toBe(id);
}
