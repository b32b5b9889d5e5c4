import { expect, test } from 'vitest';
import { flatHeaders } from './request-headers.js';

test('names keep their case, and bodies are asked for as they are', () => {
  const flat = flatHeaders({ 'X-Signature': 'a', 'User-Agent': 'Guestbook/1' });
  expect(flat).toEqual(['accept-encoding', 'identity', 'X-Signature', 'a', 'User-Agent', 'Guestbook/1']);
});

test('who sends no user agent gets ours', () => {
  expect(flatHeaders({})).toEqual([
    'accept-encoding',
    'identity',
    'user-agent',
    expect.stringMatching(/^Bellhop\//),
  ]);
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
  for (const name of names)
    expect(flatHeaders({ [name]: 'x', 'user-agent': 'y' })).toEqual(flatHeaders({ 'user-agent': 'y' }));
});
