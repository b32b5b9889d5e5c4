import type { Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import type { DeliveryView } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { useStage } from '../support/browser/index.js';

const stage = useStage();
afterEach(() => stage.resetInbox());

describe('with a script', () => {
  test('one click connects it to the guestbook; what is signed then arrives and is processed by itself', async () => {
    const page = await stage.visit('/inbox');
    await page.getByText('Not connected yet.').waitFor();
    await page.getByRole('button', { name: 'Connect to the guestbook' }).click();
    await page
      .locator('.badge')
      .filter({ hasText: /^connected$/ })
      .waitFor();
    const guestbook = await stage.visit('/');
    await guestbook.getByLabel('Your name').fill('Radia');
    await guestbook.getByLabel('Your message').fill('from book to box');
    await guestbook.getByRole('button', { name: 'Sign the book' }).click();
    await message(page, 'from book to box').locator('.badge').filter({ hasText: 'processed' }).waitFor();
    expect(await message(page, 'from book to box').locator('.excerpt').textContent()).toBe(
      'Radia: from book to box',
    );
    await message(page, 'from book to box').locator('summary').click();
    await page.getByText('"message": "from book to box"').waitFor();
    expect(await count(page, 'processed')).toBe('1');
  });

  test('a message that is open stays open when others arrive', async () => {
    await stage.connectInbox();
    const page = await stage.visit('/inbox');
    await stage.sign('Vint', 'the first one');
    await message(page, 'the first one').locator('summary').click();
    await stage.sign('Vint', 'the second one');
    await message(page, 'the second one').waitFor();
    expect(await message(page, 'the first one').locator('details').getAttribute('open')).toBe('');
  });

  test('told to answer 500 once, the attempt is in the log as failed, and the next one delivers', async () => {
    const subscriptionId = await stage.connectInbox();
    const page = await stage.visit('/inbox');
    await misbehave(page, { mode: 'status', status: '500', requests: '1' });
    await page.getByText('answers 500, once more').waitFor();
    await stage.sign('Leslie', 'failed at first');
    const failed = await delivery(subscriptionId, ({ attempts }) => attempts?.length === 1);
    expect(failed).toMatchObject({ status: 'pending', nextAttemptAt: expect.any(String) as string });
    expect(failed.attempts).toMatchObject([{ number: 1, responseStatus: 500 }]);
    expect(await message(page, 'failed at first').count()).toBe(0);
    await stage.api.call('POST', `/v1/deliveries/${failed.id}/retry`);
    await message(page, 'failed at first').waitFor();
    await page.getByText('behaves well').waitFor();
    const settled = await delivery(subscriptionId, ({ status }) => status === 'delivered');
    expect(settled.attempts?.map(({ responseStatus }) => responseStatus)).toEqual([500, 204]);
  });

  test('only the fields that a way to misbehave uses are shown', async () => {
    const page = await stage.visit('/inbox');
    expect(await page.getByLabel('Status', { exact: true }).isVisible()).toBe(false);
    await page.getByLabel('What to do').selectOption('delay');
    expect(await page.getByLabel('Delay (ms)').isVisible()).toBe(true);
    expect(await page.getByLabel('Status', { exact: true }).isVisible()).toBe(false);
  });
});

describe('without a script', () => {
  test('connect, receive, misbehave, clear and disconnect all work by forms', async () => {
    const page = await stage.visit('/inbox', { javaScript: false });
    await page.getByRole('button', { name: 'Connect to the guestbook' }).click();
    await page
      .locator('.badge')
      .filter({ hasText: /^connected$/ })
      .waitFor();
    await stage.sign('Tim', 'seen after a reload');
    await eventually(async () => {
      await page.reload();
      const badges = message(page, 'seen after a reload').locator('.badge');
      expect(await badges.allTextContents()).toEqual(['processed']);
    });
    await misbehave(page, { mode: 'hang', requests: '1' });
    await page.getByText('takes requests and never answers, once more').waitFor();
    await misbehave(page, { mode: 'off' });
    await page.getByText('behaves well').waitFor();
    await page.getByRole('button', { name: 'Clear the inbox' }).click();
    await page.getByText('Nothing yet. Sign the guestbook!').waitFor();
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByText('Not connected yet.').waitFor();
  });
});

function message(page: Page, text: string): ReturnType<Page['locator']> {
  return page.locator('.message').filter({ has: page.locator('pre').filter({ hasText: text }) });
}

async function count(page: Page, label: string): Promise<string | null> {
  return page.locator('.counts > div').filter({ hasText: label }).locator('dd').textContent();
}

interface Wish {
  readonly mode: string;
  readonly status?: string;
  readonly requests?: string;
}

async function misbehave(page: Page, { mode, status, requests = '' }: Wish): Promise<void> {
  await page.getByLabel('What to do').selectOption(mode);
  if (status !== undefined) await page.getByLabel('Status', { exact: true }).fill(status);
  if (requests !== '') await page.getByLabel('Requests').fill(requests);
  await page.getByRole('button', { name: 'Apply' }).click();
}

/** The one delivery to the inbox, as soon as it is as wanted. */
function delivery(
  subscriptionId: string,
  isWanted: (delivery: DeliveryView) => boolean,
): Promise<DeliveryView> {
  return eventually(async () => {
    const [latest] = await stage.api.deliveries(`subscriptionId=${subscriptionId}&limit=1`);
    const whole = await stage.api.delivery(latest?.id ?? '');
    expect(isWanted(whole), JSON.stringify(whole)).toBe(true);
    return whole;
  });
}
