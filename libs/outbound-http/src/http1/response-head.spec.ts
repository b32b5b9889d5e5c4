import { expect, test } from 'vitest';
import { mayBecomeHead, parseHead } from './response-head.js';

const strict = (text: string) => parseHead(text, false);
const OK = 'HTTP/1.1 200 OK\r\n';

test('a head is its status, its version and its headers by lower-case name', () => {
  expect(strict('HTTP/1.0 503 Try Later\r\nRetry-After: 5\r\nX-A:1\r\nx-a: \t2 \t\r\nEmpty:\r\n')).toEqual({
    status: 503,
    minorVersion: 0,
    headers: { 'retry-after': '5', 'x-a': '1, 2', empty: '' },
  });
});

test.each(['HTTP/1.1 200\r\n', 'HTTP/1.1 200 \r\n', 'HTTP/1.1 200 Tr\xe8s bien\r\n'])(
  'the reason may be missing or say anything: %j',
  (text) => expect(strict(text)).toMatchObject({ status: 200, minorVersion: 1, headers: {} }),
);

test('names that mean something in JavaScript are names like others', () => {
  const headers = strict(`${OK}__proto__: a\r\nconstructor: b\r\n`)?.headers ?? {};
  expect(Object.entries(headers)).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
  expect(strict(OK)?.headers['toString']).toBeUndefined();
});

test('values keep every byte that is no blank around them', () => {
  expect(strict(`${OK}a: \xa0b\xe9\xa0 \r\n`)?.headers).toEqual({ a: '\xa0b\xe9\xa0' });
});

test.each([
  'HTTP/1.1 099 OK\r\n',
  'HTTP/1.1 99 OK\r\n',
  'HTTP/1.1 1000 OK\r\n',
  'HTTP/1.1 200OK\r\n',
  'HTTP/1.1  200 OK\r\n',
  'HTTP/1.2 200 OK\r\n',
  'HTTP/2.0 200 OK\r\n',
  'http/1.1 200 OK\r\n',
  '\r\nHTTP/1.1 200 OK\r\n',
  'HTTP/1.1 200 O\0K\r\n',
  `${OK}a: b\n`,
  `${OK}a: b\rc: d\r\n`,
  `${OK}a: b\r\n folded\r\n`,
  `${OK}a : b\r\n`,
  `${OK} a: b\r\n`,
  `${OK}: b\r\n`,
  `${OK}a\r\n`,
  `${OK}a: \x7f\r\n`,
  `${OK}a: b\0\r\n`,
  `${OK}application/json: b\r\n`,
])('%j is no head', (text) => {
  expect(strict(text)).toBeNull();
});

test('tolerance is for names alone', () => {
  const tolerant = (line: string) => parseHead(`${OK}${line}\r\n`, true)?.headers;
  expect(tolerant('application/json: text/plain; charset=utf-8')).toEqual({
    'application/json': 'text/plain; charset=utf-8',
  });
  expect(tolerant('{"a"}: b')).toEqual({ '{"a"}': 'b' });
  for (const line of ['content-length : 2', ' a: b', 'a b: c', ': c', 'a', 'a: b\nc: d', 'a\x01: b', 'a: \0'])
    expect(tolerant(line)).toBeUndefined();
});

test('a head of sixteen kilobytes that fails at its end is refused in no time', () => {
  const begin = performance.now();
  for (const line of ['a:'.repeat(8000), 'a'.repeat(16_000), `${'a: b\r\n'.repeat(2600)}a`])
    expect(strict(`${OK}${line}\0\r\n`)).toBeNull();
  expect(performance.now() - begin).toBeLessThan(500);
});

test.each(['', 'H', 'HTTP/1.', 'HTTP/1.1 20', 'HTTP/1.1 200', 'HTTP/1.1 200\r', `${OK}a`, `${OK}a: b\r`, OK])(
  '%j may become a head',
  (text) => expect(mayBecomeHead(text, 0)).toBe(true),
);

test.each([
  'S',
  'HTTP/2',
  'HTTP/1.1 abc',
  'HTTP/1.1 0',
  'HTTP/1.1 2000',
  `${OK.trimEnd()}\n`,
  `${OK}a\0`,
  `${OK}\r\r`,
])('%j can never become a head', (text) => expect(mayBecomeHead(text, 0)).toBe(false));

test('a head that comes byte by byte may become one at every step', () => {
  const text = `${OK}a: b\r\n\r`;
  for (let size = 1; size <= text.length; size++)
    expect(mayBecomeHead(text.slice(0, size), size - 1)).toBe(true);
});
