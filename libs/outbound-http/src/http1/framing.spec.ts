import { expect, test } from 'vitest';
import { framingOf, keptMsOf } from './framing.js';

const head = (headers: Record<string, string>, more: { status?: number; minorVersion?: number } = {}) => ({
  status: 200,
  minorVersion: 1,
  headers,
  ...more,
});

test.each<[Record<string, string>, ReturnType<typeof framingOf>]>([
  [{}, 'until-close'],
  [{ 'content-length': '0' }, 0],
  [{ 'content-length': '12' }, 12],
  [{ 'transfer-encoding': 'chunked' }, 'chunked'],
  [{ 'transfer-encoding': 'Chunked' }, 'chunked'],
  [{ 'transfer-encoding': 'gzip, chunked' }, 'chunked'],
  [{ 'transfer-encoding': 'gzip' }, 'until-close'],
  [{ 'transfer-encoding': 'xchunked' }, 'until-close'],
  [{ 'transfer-encoding': '' }, 'until-close'],
  [{ 'transfer-encoding': 'chunked, gzip' }, null],
  [{ 'transfer-encoding': 'chunked, chunked' }, null],
  [{ 'transfer-encoding': 'chunked', 'content-length': '2' }, null],
  [{ 'transfer-encoding': '', 'content-length': '2' }, null],
  [{ 'content-length': '2, 2' }, null],
  [{ 'content-length': '2, 3' }, null],
  [{ 'content-length': '+2' }, null],
  [{ 'content-length': '-2' }, null],
  [{ 'content-length': '0x2' }, null],
  [{ 'content-length': '2.0' }, null],
  [{ 'content-length': '' }, null],
  [{ 'content-length': '9999999999999999' }, null],
])('%j: the body ends by %s', (headers, expected) => {
  expect(framingOf(head(headers), false)).toBe(expected);
});

test('some responses have no body whatever they say, but contradict themselves all the same', () => {
  const withLength = { 'content-length': '5' };
  for (const status of [103, 204, 304]) expect(framingOf(head(withLength, { status }), false)).toBe(0);
  expect(framingOf(head(withLength), true)).toBe(0);
  expect(framingOf(head({}), true)).toBe(0);
  const both = { ...withLength, 'transfer-encoding': 'chunked' };
  expect(framingOf(head(both, { status: 204 }), false)).toBeNull();
});

test.each<[string, ReturnType<typeof head>, number]>([
  ['nothing said', head({}), 60_000],
  ['close', head({ connection: 'close' }), 0],
  ['close among others', head({ connection: 'foo, Close' }), 0],
  ['a longer word', head({ connection: 'closed' }), 60_000],
  ['HTTP/1.0', head({}, { minorVersion: 0 }), 0],
  ['HTTP/1.0 that stays', head({ connection: 'Keep-Alive' }, { minorVersion: 0 }), 60_000],
  [
    'HTTP/1.0 with chunks',
    head({ connection: 'keep-alive', 'transfer-encoding': 'chunked' }, { minorVersion: 0 }),
    0,
  ],
  ['five seconds', head({ 'keep-alive': 'timeout=5, max=100' }), 3000],
  ['two seconds', head({ 'keep-alive': 'timeout=2' }), 0],
  ['an hour', head({ 'keep-alive': 'timeout=3600' }), 60_000],
  ['nonsense', head({ 'keep-alive': 'timeout=soon' }), 60_000],
  ['204 without a body', head({ 'content-length': '0' }, { status: 204 }), 60_000],
  ['204 that announces a body', head({ 'content-length': '5' }, { status: 204 }), 0],
  ['204 that announces chunks', head({ 'transfer-encoding': 'chunked' }, { status: 204 }), 0],
])('%s: kept as long as the other side will keep it', (_what, response, expected) => {
  expect(keptMsOf(response)).toBe(expected);
});
