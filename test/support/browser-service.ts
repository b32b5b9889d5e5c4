import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { Site } from './browser/site.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a test file asks for the platform and the browser; the first one that asks has them started. */
    siteService: string;
  }
}

/**
 * Vitest global setup: one platform and one browser for all files. They start when the first file asks, so that they
 * cost the suites before it nothing, and what is wrong with them fails that file alone.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let site: Promise<Site> | null = null;
  const server = createServer((_, response) => {
    site ??= Site.start();
    void answer(site, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  project.provide('siteService', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return async () => {
    server.close();
    server.closeAllConnections();
    const started = await site?.catch(() => null);
    await started?.stop();
  };
}

async function answer(site: Promise<Site>, response: ServerResponse): Promise<void> {
  try {
    const { address } = await site;
    response.end(JSON.stringify(address));
  } catch (error) {
    response.writeHead(500);
    response.end(error instanceof Error ? error.message : String(error));
  }
}
