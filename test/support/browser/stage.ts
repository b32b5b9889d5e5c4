import { mkdir } from 'node:fs/promises';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { ApiClient } from '../api-client.js';
import { Receiver, type ReceiverOptions } from '../receiver.js';
import type { SiteAddress } from './site.js';
import { Watch } from './watch.js';

export interface Visit {
  /** Default true. */
  readonly javaScript?: boolean;
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
}

interface Visitor {
  readonly context: BrowserContext;
  readonly watch: Watch;
}

/** What one test works with: the running platform as visitors see it, and receivers that end with the test. */
export class Stage {
  url = '';
  api!: ApiClient;
  private browser!: Browser;
  private visitors: Visitor[] = [];
  private receivers: Receiver[] = [];

  async open(): Promise<void> {
    const response = await fetch(inject('siteService'));
    if (response.status !== 200) throw new Error(await response.text());
    const { url, adminKey, browserUrl } = (await response.json()) as SiteAddress;
    this.url = url;
    this.api = new ApiClient(url, adminKey);
    this.browser = await chromium.connect(browserUrl);
  }

  async close(): Promise<void> {
    await this.browser?.close();
  }

  /** A visitor of their own, with an empty profile, who opens the page. What goes wrong there fails the test. */
  async visit(
    path: string,
    { javaScript = true, scheme = 'light', width = 1280 }: Visit = {},
  ): Promise<Page> {
    const context = await this.browser.newContext({
      baseURL: this.url,
      javaScriptEnabled: javaScript,
      colorScheme: scheme,
      viewport: { width, height: 800 },
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(10_000);
    this.visitors.push({ context, watch: await Watch.over(context, this.url) });
    const page = await context.newPage();
    await page.goto(path);
    return page;
  }

  async receiver(options: ReceiverOptions = {}): Promise<Receiver> {
    const receiver = await Receiver.start(options);
    this.receivers.push(receiver);
    return receiver;
  }

  /** Signs as a program would; gives the entry's id. */
  async sign(name: string, message: string): Promise<string> {
    const { status, body } = await this.api.call<{ id: string }>('POST', '/entries', {
      body: { name, message },
    });
    expect(status, JSON.stringify(body)).toBe(201);
    return body.id;
  }

  /** The inbox as somebody connected it; gives its subscription's id. */
  async connectInbox(): Promise<string> {
    const { status, body } = await this.api.call<{ subscriptionId: string }>('POST', '/inbox/connect');
    expect(status, JSON.stringify(body)).toBe(200);
    return body.subscriptionId;
  }

  /** As it was at the first start. */
  async resetInbox(): Promise<void> {
    await this.api.call('POST', '/inbox/behaviour', { body: { mode: 'off' } });
    await this.api.call('POST', '/inbox/disconnect');
    await this.api.call('POST', '/inbox/clear');
  }

  async removeSubscriptions(): Promise<void> {
    const { body } = await this.api.call<{ data: { id: string }[] }>('GET', '/v1/subscriptions?limit=100');
    for (const { id } of body.data) await this.api.call('DELETE', `/v1/subscriptions/${id}`);
  }

  /** Pictures of what a failed test saw last. */
  async photograph(name: string): Promise<void> {
    const folder = 'test-results/browser';
    await mkdir(folder, { recursive: true });
    const pages = this.visitors.flatMap(({ context }) => context.pages());
    for (const [index, page] of pages.entries()) {
      await page.screenshot({ path: `${folder}/${name.replace(/\W+/g, '-').slice(0, 80)}-${index + 1}.png` });
    }
  }

  /** Ends the test's visits; none of them may have seen an error, a dialog, another host or a broken policy. */
  async clear(): Promise<void> {
    const visitors = this.visitors.splice(0);
    const faults = await Promise.all(visitors.map(({ watch }) => watch.faults()));
    await Promise.all(visitors.map(({ context }) => context.close()));
    await Promise.all(this.receivers.splice(0).map((receiver) => receiver.stop()));
    expect(faults.flat()).toEqual([]);
  }
}

/** For a file of tests: the stage, opened before the first and cleared after each. */
export function useStage(): Stage {
  const stage = new Stage();
  beforeAll(() => stage.open(), 90_000);
  afterAll(() => stage.close());
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await stage.photograph(task.name);
    await stage.clear();
  });
  return stage;
}
