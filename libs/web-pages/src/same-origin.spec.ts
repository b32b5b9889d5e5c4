import { expect, test } from 'vitest';
import { isCrossSite, type RequestOrigin } from './same-origin.js';

const post = (over: Partial<RequestOrigin>): RequestOrigin => ({
  method: 'POST',
  host: 'guestbook.example:3000',
  origin: undefined,
  secFetchSite: undefined,
  ...over,
});

test.each<[string, Partial<RequestOrigin>]>([
  ['a plain HTTP client', {}],
  ['the page itself', { secFetchSite: 'same-origin', origin: 'http://guestbook.example:3000' }],
  ['the page itself under a policy that hides its origin', { secFetchSite: 'same-origin', origin: 'null' }],
  ['the user, by hand', { secFetchSite: 'none' }],
  ['an older browser', { origin: 'http://guestbook.example:3000' }],
  ['an older browser behind a proxy', { origin: 'https://public.example', host: 'internal:3000' }],
  ['a link from anywhere', { method: 'GET', secFetchSite: 'cross-site' }],
])('%s may', (_who, over) => {
  expect(isCrossSite(post(over), 'https://public.example')).toBe(false);
});

test.each<[string, Partial<RequestOrigin>]>([
  ['another site', { secFetchSite: 'cross-site', origin: 'https://evil.example' }],
  [
    'another site that claims our origin by a wrong proxy',
    { secFetchSite: 'cross-site', origin: 'http://guestbook.example:3000' },
  ],
  ['a sibling site', { secFetchSite: 'same-site', origin: 'http://other.example:3000' }],
  ['another port', { origin: 'http://guestbook.example:4000' }],
  ['a sandboxed frame', { origin: 'null' }],
  ['a longer name', { origin: 'http://guestbook.example:3000.evil.example' }],
  ['nonsense', { origin: 'guestbook.example:3000' }],
])('%s may not change anything', (_who, over) => {
  expect(isCrossSite(post(over), null)).toBe(true);
  expect(isCrossSite(post({ ...over, method: 'DELETE' }), null)).toBe(true);
});
