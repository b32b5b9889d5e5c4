import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ResponseListener, ResponseParser, type ResponseRules } from './response-parser.js';

const RULES: ResponseRules = { isHeadRequest: false, tolerant: false };
const MAX_BODY = 50;

/** What a parser told, as text; each ending is told at most once, and nothing after it. */
class Transcript implements ResponseListener {
  readonly lines: string[] = [];
  body = '';
  end: string | null = null;

  onInterim(status: number): boolean {
    this.#tell(`interim ${status}`);
    return true;
  }
  onHead(head: { status: number; headers: object }): void {
    this.#tell(`${head.status} ${JSON.stringify(head.headers)}`);
  }
  onBody(bytes: Buffer): boolean {
    if (this.end !== null) throw new Error('a body after the end');
    this.body += bytes.toString('latin1');
    if (this.body.length <= MAX_BODY) return true;
    this.end = 'enough';
    return false;
  }
  onComplete(keptMs: number): void {
    this.#finish(`complete, kept ${keptMs}`);
  }
  onFault(errorType: string): void {
    this.#finish(errorType);
  }
  /** Without the part of the body beyond the cap: how much of it came depends on the pieces. */
  get told(): string {
    return [...this.lines, this.body.slice(0, MAX_BODY), this.end].join('\n');
  }
  #tell(line: string): void {
    if (this.end !== null) throw new Error(`${line} after the end`);
    this.lines.push(line);
  }
  #finish(end: string): void {
    this.#tell('end');
    this.end = end;
  }
}

/** Feeds the bytes in pieces of these sizes (in turn) from a buffer that is overwritten after each, as in real life. */
function read(text: string, { sizes = [1 << 16], rules = RULES, isClosed = false } = {}): Transcript {
  const transcript = new Transcript();
  const parser = new ResponseParser(transcript, rules);
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0, piece = 0; at < bytes.length; piece++) {
    const lent = Buffer.from(bytes.subarray(at, at + (sizes[piece % sizes.length] ?? 1)));
    parser.push(lent);
    lent.fill(0);
    at += lent.length;
  }
  if (isClosed && transcript.end === null && !parser.end()) transcript.end = 'closed too early';
  return transcript;
}

const OK = 'HTTP/1.1 200 OK\r\n';
const end = (text: string, options?: Parameters<typeof read>[1]): string | null => read(text, options).end;

test.each<[string, string, string]>([
  ['a length', `${OK}content-length: 2\r\n\r\nok`, 'ok'],
  ['no body', `${OK}content-length: 0\r\n\r\n`, ''],
  ['chunks', `${OK}transfer-encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n`, 'ok'],
  ['204', 'HTTP/1.1 204 No Content\r\n\r\n', ''],
  ['304 with the length of what it does not send', 'HTTP/1.1 304 X\r\ncontent-length: 9\r\n\r\n', ''],
  [
    'interim answers first',
    `HTTP/1.1 100 X\r\n\r\nHTTP/1.1 103 X\r\na: b\r\n\r\n${OK}content-length: 2\r\n\r\nok`,
    'ok',
  ],
])('%s: read whole, and the connection is kept', (_what, text, body) => {
  expect(read(text)).toMatchObject({ end: 'complete, kept 60000', body });
});

test('interim answers are told one by one, before the head', () => {
  const text = `HTTP/1.1 100 X\r\n\r\nHTTP/1.1 103 X\r\n\r\n${OK}content-length: 0\r\n\r\n`;
  expect(read(text).lines).toEqual(['interim 100', 'interim 103', '200 {"content-length":"0"}', 'end']);
});

test('a body without length ends with the connection, which is all that ends it', () => {
  const text = `${OK}\r\nall of it`;
  expect(end(text)).toBeNull();
  expect(read(text, { isClosed: true })).toMatchObject({ end: 'complete, kept 0', body: 'all of it' });
  expect(end('HTTP/1.0 200 OK\r\n\r\n', { isClosed: true })).toBe('complete, kept 0');
});

test('a close before the end is no end', () => {
  for (const text of [
    '',
    'HT',
    OK,
    `${OK}content-length: 2\r\n\r\no`,
    `${OK}transfer-encoding: chunked\r\n\r\n0\r\n`,
  ])
    expect(end(text, { isClosed: true })).toBe('closed too early');
});

test('the answer to HEAD has no body', () => {
  const rules = { ...RULES, isHeadRequest: true };
  expect(read(`${OK}content-length: 9\r\n\r\n`, { rules })).toMatchObject({
    end: 'complete, kept 60000',
    body: '',
  });
});

test.each([
  `${OK}content-length: 2\r\n\r\nokHTTP/1.1 500 Injected\r\n\r\n`,
  `${OK}content-length: 0\r\n\r\n\r\n`,
  'HTTP/1.1 204 X\r\n\r\nhello',
  'HTTP/1.1 204 X\r\ncontent-length: 5\r\n\r\n',
  `${OK}transfer-encoding: chunked\r\n\r\n0\r\n\r\nx`,
  `${OK}connection: close\r\ncontent-length: 0\r\n\r\n`,
])('%j is an answer after which the connection is not used again', (text) => {
  expect(end(text)).toBe('complete, kept 0');
});

test.each<[string, string]>([
  ['length and chunks at once', `${OK}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n`],
  ['two lengths', `${OK}content-length: 2\r\ncontent-length: 2\r\n\r\nok`],
  ['lines ended by LF', 'HTTP/1.1 200 OK\ncontent-length: 2\n\nok'],
  ['one line ended by LF', `${OK}a: b\ncontent-length: 2\r\n\r\nok`],
  ['a greeting of another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['the start of nothing', 'X'],
  ['a bad chunk', `${OK}transfer-encoding: chunked\r\n\r\nzz\r\n`],
])('%s: faulty, byte by byte too', (_what, text) => {
  expect(end(text)).toBe('http_malformed');
  expect(end(text, { sizes: [1] })).toBe('http_malformed');
});

test('a head is at most 16 KiB, its empty line included', () => {
  const start = 'HTTP/1.1 204 No Content\r\n';
  const headOf = (size: number): string => `${start}a: ${'x'.repeat(size - start.length - 7)}\r\n\r\n`;
  expect(headOf(16_384)).toHaveLength(16_384);
  for (const sizes of [[1 << 16], [1000], [16_384], [16_383, 1]]) {
    expect(end(headOf(16_384), { sizes })).toBe('complete, kept 60000');
    expect(end(headOf(16_385), { sizes })).toBe('http_headers_too_large');
  }
});

test('names that no standard allows pass only where that is wanted, and never blur the end', () => {
  const text = 'HTTP/1.0 200 OK\r\napplication/json: text/plain; charset=utf-8\r\n\r\n{"a":1}';
  expect(end(text, { isClosed: true })).toBe('http_malformed');
  const rules = { ...RULES, tolerant: true };
  expect(read(text, { rules, sizes: [text.indexOf('{')], isClosed: true })).toMatchObject({
    end: 'complete, kept 0',
    body: '{"a":1}',
  });
  for (const headers of [
    'content-length : 2',
    'content-length: 2\r\ntransfer-encoding: chunked',
    'a: b\nc: d',
  ])
    expect(end(`${OK}${headers}\r\n\r\nok`, { rules })).toBe('http_malformed');
});

const line = fc.constantFrom(
  'content-length: 0',
  'content-length: 7',
  'Content-Length: 60',
  'transfer-encoding: chunked',
  'connection: close',
  'connection: keep-alive',
  'keep-alive: timeout=5',
  'x-empty:',
  'set-cookie: a=b; c',
  'x\xe9: y',
  'application/json: text',
  'x : y',
  'x: \0',
);
const status = fc.constantFrom(
  'HTTP/1.1 200 OK',
  'HTTP/1.1 204',
  'HTTP/1.0 500 X',
  'HTTP/1.1 103 X',
  'HTTP/1.1 20',
);
const body = fc.constantFrom(
  '',
  '\r\n',
  'payload',
  '7\r\npayload\r\n0\r\n\r\n',
  '0\r\na: b\r\n\r\n',
  'x'.repeat(70),
  'zz',
);
const eol = fc.oneof({ weight: 20, arbitrary: fc.constant('\r\n') }, fc.constantFrom('\n', '\r', ' \r\n'));
const response = fc
  .tuple(status, fc.array(line, { maxLength: 4 }), eol, fc.array(body, { maxLength: 3 }))
  .map(([first, lines, crlf, parts]) => [first, ...lines, ''].join(crlf) + '\r\n' + parts.join(''));
const garbage = fc
  .string({ unit: 'binary', maxLength: 80 })
  .map((text) => Buffer.from(text).toString('latin1'));
const stream = fc.oneof(
  { weight: 6, arbitrary: fc.array(response, { maxLength: 3 }).map((parts) => parts.join('')) },
  { weight: 2, arbitrary: fc.tuple(response, garbage).map(([head, rest]) => head + rest) },
  garbage,
);
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });

test('any split of the bytes tells the same as the whole; only the keeping of the connection may differ', () => {
  const kept = / kept \d+$/;
  fc.assert(
    fc.property(stream, sizes, fc.boolean(), (text, pieces, tolerant) => {
      const options = { rules: { ...RULES, tolerant }, isClosed: true };
      const whole = read(text, options).told.replace(kept, '');
      expect(read(text, { ...options, sizes: pieces }).told.replace(kept, '')).toBe(whole);
      expect(read(text, { ...options, sizes: [1] }).told.replace(kept, '')).toBe(whole);
    }),
    { numRuns: 2000 },
  );
});

test('whatever comes, nothing throws and there is one end at most', () => {
  fc.assert(
    fc.property(stream, sizes, fc.boolean(), (text, pieces, isHeadRequest) => {
      const rules = { isHeadRequest, tolerant: true };
      expect(read(text, { rules, sizes: pieces, isClosed: true }).end).not.toBeNull();
    }),
    { numRuns: 2000 },
  );
});

test('a connection is kept only if nothing but the answer came', () => {
  fc.assert(
    fc.property(response, garbage, (text, rest) => {
      const whole = read(text);
      if (!/kept [1-9]/.test(whole.end ?? '')) return;
      expect(read(text + rest + 'x').end).toBe('complete, kept 0');
    }),
    { numRuns: 2000 },
  );
});
