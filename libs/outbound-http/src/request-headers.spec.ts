import { expect, test } from 'vitest';
import { flatHeaders, userAgentOf } from './request-headers.js';

test('names keep their case, and bodies are asked for as they are', () => {
  const flat = flatHeaders({ 'X-Signature': 'a', 'User-Agent': 'Guestbook/1' }, 'ours');
  expect(flat).toEqual(['accept-encoding', 'identity', 'X-Signature', 'a', 'User-Agent', 'Guestbook/1']);
});

test('who sends no user agent gets ours', () => {
  expect(flatHeaders({}, 'ours')).toEqual(['accept-encoding', 'identity', 'user-agent', 'ours']);
});

test('our user agent says where we are found, if that is known', () => {
  expect(userAgentOf(null)).toBe('Bellhop/0.1');
  expect(userAgentOf('https://hooks.example.com')).toBe('Bellhop/0.1 (+https://hooks.example.com)');
  expect(userAgentOf('https://häuser.example')).toBe('Bellhop/0.1 (+https://xn--huser-gra.example)');
});

test('headers that frame or route the message are left out, however they are spelled', () => {
  const names = [
    'Host',
    'HOST',
    'Content-Length',
    'Transfer-Encoding',
    'Connection',
    'TE',
    'Upgrade',
    'Expect',
    'Accept-Encoding',
  ];
  for (const name of names) expect(flatHeaders({ [name]: 'x' }, 'ours')).toEqual(flatHeaders({}, 'ours'));
});
