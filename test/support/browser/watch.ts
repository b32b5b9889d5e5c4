import type { BrowserContext, ConsoleMessage, Page } from 'playwright-core';

/** Breaks of the content security policy are no console messages on every page; this makes them some. */
const REPORT_POLICY_BREAKS = `addEventListener('securitypolicyviolation', (event) =>
  console.error('CSP: ' + event.violatedDirective + ' refused ' + event.blockedURI), true)`;

/** Notes whatever no visit to our pages should ever cause. */
export class Watch {
  private readonly found: string[] = [];

  private constructor(private readonly context: BrowserContext) {}

  static async over(context: BrowserContext, origin: string): Promise<Watch> {
    const watch = new Watch(context);
    await context.addInitScript(REPORT_POLICY_BREAKS);
    context.on('console', (message) => watch.console(message));
    context.on('weberror', (error) => watch.note(`uncaught: ${error.error().message}`));
    context.on('dialog', (dialog) => {
      watch.note(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    context.on('request', (request) => {
      const { protocol, origin: target } = new URL(request.url());
      if (protocol !== 'data:' && target !== origin) watch.note(`request to ${request.url()}`);
    });
    context.on('response', (response) => {
      if (response.status() >= 500) watch.note(`${response.status()} from ${response.url()}`);
    });
    return watch;
  }

  /** Looks at the pages that are open a last time. */
  async faults(): Promise<readonly string[]> {
    const attacked = await Promise.all(this.context.pages().map(wasAttacked));
    if (attacked.includes(true)) this.note('a stranger’s script ran');
    return this.found;
  }

  private console(message: ConsoleMessage): void {
    if (message.type() === 'error' && !isRefusal(message)) this.note(`console: ${message.text()}`);
  }

  private note(fault: string): void {
    this.found.push(fault);
  }
}

/** Chromium calls every 422 an error; for a form with faults it is the right answer. */
function isRefusal(message: ConsoleMessage): boolean {
  return /^Failed to load resource: .* status of 422\b/.test(message.text());
}

async function wasAttacked(page: Page): Promise<boolean> {
  return page.evaluate<boolean>('"__xss" in window');
}
