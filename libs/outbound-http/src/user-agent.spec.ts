import { expect, test } from 'vitest';
import { userAgentOf } from './user-agent.js';

test('our user agent says where we are found, if that is known', () => {
  expect(userAgentOf(null)).toBe('Bellhop/0.1');
  expect(userAgentOf('https://hooks.example.com')).toBe('Bellhop/0.1 (+https://hooks.example.com)');
  expect(userAgentOf('https://häuser.example')).toBe('Bellhop/0.1 (+https://xn--huser-gra.example)');
});
