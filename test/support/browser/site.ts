import type { BrowserServer } from 'playwright-core';
import { Platform } from '../platform/index.js';
import { launchChromium } from './chromium.js';

/** What a test file needs to reach the platform and the browser that all of them share. */
export interface SiteAddress {
  readonly url: string;
  readonly adminKey: string;
  readonly browserUrl: string;
}

/** One embedded platform and one Chromium. */
export class Site {
  private constructor(
    private readonly platform: Platform,
    private readonly browser: BrowserServer,
  ) {}

  static async start(): Promise<Site> {
    const [platform, browser] = await Promise.allSettled([Platform.start('embedded'), launchChromium()]);
    if (platform.status === 'fulfilled' && browser.status === 'fulfilled') {
      return new Site(platform.value, browser.value);
    }
    if (platform.status === 'fulfilled') await platform.value.stop();
    if (browser.status === 'fulfilled') await browser.value.close();
    throw platform.status === 'rejected' ? platform.reason : (browser as PromiseRejectedResult).reason;
  }

  get address(): SiteAddress {
    const { guestbookUrl, adminKey } = this.platform;
    return { url: guestbookUrl, adminKey, browserUrl: this.browser.wsEndpoint() };
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.platform.stop();
  }
}
