import { expect, test } from 'vitest';
import { generated } from './generated.js';
import { challenge, delivery, PAGES, pageOfProfile, wishOn } from './page-requests.js';
import { profileIndex } from './profile-index.js';

const http = (request: string | null): string =>
  request === null ? 'Nothing is asked.' : `\`\`\`http\n${request}\n\`\`\``;

test.each([...PAGES])('the page of %s shows the requests that the code sends', async (name) => {
  const page = pageOfProfile(name);
  const wish = wishOn(page);
  const parts = { challenge: http(challenge(wish)), delivery: http(delivery(wish)) };
  const { inFile, made } = await generated(page, parts);
  expect(inFile, 'UPDATE=1 writes it').toBe(made);
});

test('the index names every page with the parts of its profile', async () => {
  const pages = PAGES.map((name) => ({ name, wish: wishOn(pageOfProfile(name)) }));
  const { inFile, made } = await generated('docs/profiles/README.md', { profiles: profileIndex(pages) });
  expect(inFile, 'UPDATE=1 writes it').toBe(made);
});
