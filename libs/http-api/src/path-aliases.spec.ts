import { expect, test } from 'vitest';
import { routedUrl } from './path-aliases.js';

const ALIASES = [['/v1/accounts', '/compat/kloudless/v1/accounts']] as const;

test.each([
  ['/v1/accounts/me/events?cursor=a?b', '/compat/kloudless/v1/accounts/me/events?cursor=a?b'],
  ['/v1/accounts/me/events/', '/compat/kloudless/v1/accounts/me/events'],
  [
    '/compat/kloudless/v1/accounts/me/events/?page_size=1',
    '/compat/kloudless/v1/accounts/me/events?page_size=1',
  ],
  ['/v1/accountsX/1', '/v1/accountsX/1'],
  ['/v1/events/', '/v1/events/'],
  ['/', '/'],
])('%s is routed as %s', (url, routed) => {
  expect(routedUrl(url, ALIASES)).toBe(routed);
});
