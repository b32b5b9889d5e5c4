import type { Page } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';
import { useStage } from '../support/browser/index.js';
import { newSecret } from '../e2e/modes.js';

const stage = useStage();

describe.each([true, false])('the page of subscribers (script: %s)', (javaScript) => {
  const visit = (): Promise<Page> => stage.visit('/webhooks', { javaScript });
  afterAll(() => stage.removeSubscriptions());

  test('a wrong answer to the challenge is shown step by step, and nothing is added', async () => {
    const receiver = await stage.receiver({ proof: 'wrong' });
    const page = await visit();
    await add(page, receiver.url);
    await page.getByRole('heading', { name: 'The challenge failed' }).waitFor();
    expect(await steps(page)).toEqual([
      'Find the host skipped',
      'Check the address passed',
      'Connect passed',
      'Secure the connection skipped',
      'Get an answer passed',
      'Verify the proof failed',
    ]);
    expect(await page.getByLabel('Address').inputValue()).toBe(receiver.url);
    expect(await page.locator('.card').count()).toBe(0);
  });

  test('where nobody listens the challenge ends at connecting', async () => {
    const receiver = await stage.receiver();
    await receiver.stop();
    const page = await visit();
    await add(page, receiver.url);
    await page.getByRole('heading', { name: 'The challenge failed' }).waitFor();
    expect(await steps(page)).toContain('Connect failed');
  });

  test('an address in a private network is refused with the reason', async () => {
    const page = await visit();
    await add(page, 'http://10.0.0.1/hook');
    await page.locator('.notice.bad').waitFor();
    expect(await page.locator('.notice.bad').textContent()).toMatch(/address|url|allowed/i);
    expect(await page.getByLabel('Address').inputValue()).toBe('http://10.0.0.1/hook');
  });

  test('who echoes the challenge is added; the secret is shown once and signs what comes', async () => {
    const receiver = await stage.receiver({ proof: 'echo' });
    const page = await visit();
    await add(page, receiver.url);
    await page.getByRole('heading', { name: 'Connected' }).waitFor();
    const secret = await page.getByLabel(/signing secret, shown only now/).inputValue();
    expect(secret).toMatch(/^whsec_/);
    receiver.secret = secret;
    if (javaScript) expect(await copied(page)).toBe(secret);
    await page.goto('/webhooks');
    expect((await page.content()).includes(secret)).toBe(false);
    const card = page.locator('.card').filter({ hasText: receiver.url });
    expect(await card.locator('.badge').textContent()).toBe('active');
    await card.getByRole('button', { name: /Send a test/ }).click();
    await page.getByText('A test event is on its way.').waitFor();
    expect(await receiver.receives(1)).toMatchObject([{ isVerified: true }]);
    await stage.sign('Linus', 'for the new subscriber');
    expect((await receiver.receives(2))[1]?.body.toString()).toContain('for the new subscriber');
    await card.getByRole('button', { name: /Remove/ }).click();
    await page.getByText('The subscriber was removed.').waitFor();
    expect(await page.locator('.card').count()).toBe(0);
  });

  test('who brings a secret has to sign the challenge with it, is not shown it, and gets only what was chosen', async () => {
    const secret = newSecret();
    const receiver = await stage.receiver({ secret });
    const page = await visit();
    await page.getByLabel('Signing secret').fill(secret);
    await page.getByLabel('An entry was removed').check();
    await add(page, receiver.url);
    await page.getByRole('heading', { name: 'Connected' }).waitFor();
    await page.getByText('Bellhop signs with the secret you gave.').waitFor();
    expect(await page.getByLabel(/signing secret, shown only now/).count()).toBe(0);
    expect((await page.content()).includes(secret)).toBe(false);
    const card = page.locator('.card').filter({ hasText: receiver.url });
    expect(await card.locator('.facts code').allTextContents()).toEqual(['guestbook.entry.deleted']);
    const id = await stage.sign('Margaret', 'signed, and removed at once');
    await stage.api.call('DELETE', `/entries/${id}`);
    const [request] = await receiver.receives(1);
    expect(request).toMatchObject({ isVerified: true });
    expect(request?.body.toString()).toContain('guestbook.entry.deleted');
  });
});

test.each(['absent', 'refusing'] as const)(
  'where the clipboard is %s the secret is selected, and not called copied',
  async (flaw) => {
    const receiver = await stage.receiver({ proof: 'echo' });
    const page = await stage.visit('/webhooks');
    await add(page, receiver.url);
    const secret = await page.getByLabel(/signing secret, shown only now/).inputValue();
    await withoutClipboard(page, flaw);
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('button', { name: 'Selected, press Ctrl+C' }).waitFor();
    expect(await page.evaluate('getSelection().toString()')).toBe(secret);
    await stage.removeSubscriptions();
  },
);

async function withoutClipboard(page: Page, flaw: 'absent' | 'refusing'): Promise<void> {
  const clipboard = flaw === 'absent' ? 'undefined' : '{ writeText: () => Promise.reject(new Error()) }';
  await page.evaluate(`Object.defineProperty(navigator, 'clipboard', { value: ${clipboard} })`);
}

async function copied(page: Page): Promise<string> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  return page.evaluate<string>('navigator.clipboard.readText()');
}

async function add(page: Page, url: string): Promise<void> {
  await page.getByLabel('Address').fill(url);
  await page.getByRole('button', { name: 'Challenge and add' }).click();
}

/** Name and outcome of each step, without its detail. */
async function steps(page: Page): Promise<string[]> {
  const names = await page.locator('.step strong').allTextContents();
  const outcomes = await page.locator('.step em').allTextContents();
  return names.map((name, index) => `${name} ${outcomes[index] ?? ''}`);
}
