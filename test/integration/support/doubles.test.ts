import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FlaskPreservicaDouble } from '../../support/doubles/flask-preservica.double.js';
import { KloudlessDouble } from '../../support/doubles/kloudless.double.js';
import { McsDouble, mcsProof } from '../../support/doubles/mcs.double.js';
import { eventSignature, PreservicaDouble } from '../../support/doubles/preservica.double.js';

const SECRET = 'my secret key!';

interface Answer {
  readonly text: string;
  readonly firstByteMs: number;
  readonly totalMs: number;
}

/** Sends bytes as they are; resolves when the other side has closed. */
function exchange(url: string, head: readonly string[], body: Buffer, method = 'POST'): Promise<Answer> {
  const { hostname, port, pathname, search, host } = new URL(url);
  const lines = [`${method} ${pathname}${search} HTTP/1.1`, `Host: ${host}`, ...head, '', ''];
  const begin = performance.now();
  return new Promise((resolve) => {
    let [text, firstByteMs] = ['', 0];
    const socket = connect(Number(port), hostname, () => {
      socket.write(Buffer.concat([Buffer.from(lines.join('\r\n')), body]));
    });
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      firstByteMs ||= performance.now() - begin;
      text += bytes.toString();
    });
    socket.on('close', () => resolve({ text, firstByteMs, totalMs: performance.now() - begin }));
  });
}

const sized = (body: Buffer): [string[], Buffer] => [[`Content-Length: ${body.length}`], body];
const chunked = (chunks: readonly Buffer[], extension = ''): [string[], Buffer] => {
  const parts = chunks.flatMap((chunk) => [`${chunk.length.toString(16)}${extension}\r\n`, chunk, '\r\n']);
  const body = Buffer.concat([...parts, '0\r\n\r\n'].map((part) => Buffer.from(part)));
  return [['Transfer-Encoding: chunked'], body];
};
const CLOSED = '';
const TAKEN = /^HTTP\/1\.0 200 /;
const utf8Signature = (text: string): string =>
  createHmac('sha256', SECRET).update(`preservica-webhook-auth${text}`).digest('hex');

describe('the handler of the Preservica SDK', () => {
  let double: PreservicaDouble;
  let slow: PreservicaDouble;
  beforeAll(async () => {
    [double, slow] = await Promise.all([
      PreservicaDouble.start({ secret: SECRET }),
      PreservicaDouble.start({ secret: SECRET, workMs: 300 }),
    ]);
  });
  afterAll(() => Promise.all([double.stop(), slow.stop()]));
  beforeEach(() => double.events.splice(0));

  const send = ([framing, body]: [string[], Buffer], signature: string, url = double.url): Promise<Answer> =>
    exchange(url, [...framing, `Preservica-Signature: ${signature}`, 'X-More: 1'], body);
  const bytes = Buffer.from('{"a":"x"}');
  const right = eventSignature(SECRET, bytes.toString());
  const accented = Buffer.from('{"a":"é"}');
  const escaped = Buffer.from(String.raw`{"a":"\u00e9 \ud83d\ude00"}`);
  const large = Buffer.from(JSON.stringify({ a: 'x'.repeat(1024 * 1024) }));

  test.each<[string, [string[], Buffer], string]>([
    ['one chunk', chunked([bytes]), right],
    ['three chunks', chunked([bytes.subarray(0, 2), bytes.subarray(2, 4), bytes.subarray(4)]), right],
    ['1 MiB', chunked([large]), eventSignature(SECRET, large.toString())],
    ['é, signed over latin-1', chunked([accented]), eventSignature(SECRET, accented.toString())],
    ['escapes', chunked([escaped]), eventSignature(SECRET, escaped.toString())],
  ])('takes %s with HTTP/1.0 and no body', async (_what, request, signature) => {
    const { text } = await send(request, signature);
    expect(text).toMatch(TAKEN);
    expect(text).toMatch(/\r\n\r\n$/);
    expect(double.events).toHaveLength(1);
  });

  test.each<[string, [string[], Buffer], string]>([
    ['a wrong signature', chunked([bytes]), right.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))],
    ['upper-case digits', chunked([bytes]), right.toUpperCase()],
    ['a length', sized(bytes), right],
    ['é, signed over UTF-8', chunked([accented]), utf8Signature(accented.toString())],
    ['letters beyond latin-1', chunked([Buffer.from('{"a":"日"}')]), utf8Signature('{"a":"日"}')],
    [
      'a letter in two chunks',
      chunked([accented.subarray(0, 7), accented.subarray(7)]),
      eventSignature(SECRET, accented.toString()),
    ],
    ['a chunk extension', chunked([bytes], ';c=1'), right],
  ])('closes without a byte at %s', async (_what, request, signature) => {
    expect((await send(request, signature)).text).toBe(CLOSED);
    expect(double.events).toEqual([]);
  });

  test('answers before it works, and holds the connection meanwhile', async () => {
    const { text, firstByteMs, totalMs } = await send(chunked([bytes]), right, slow.url);
    expect(text).toMatch(TAKEN);
    expect(firstByteMs).toBeLessThan(250);
    expect(totalMs).toBeGreaterThanOrEqual(295);
  });

  test('takes fifty at the same time, one after the other', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(chunked([bytes]), right)));
    expect(answers.every(({ text }) => TAKEN.test(text))).toBe(true);
    expect(double.events).toHaveLength(50);
  });

  test('knows no GET', async () => {
    expect((await exchange(double.url, [], Buffer.alloc(0), 'GET')).text).toMatch(/^HTTP\/1\.0 501 [^]*html/);
  });
});

describe('the Flask handler of the Preservica SDK', () => {
  let double: FlaskPreservicaDouble;
  beforeAll(async () => {
    double = await FlaskPreservicaDouble.start(SECRET);
  });
  afterAll(() => double.stop());
  beforeEach(() => double.events.splice(0));

  const body = Buffer.from('{"a":1}');
  test.each<[string, [string[], Buffer], string, number]>([
    ['a length', sized(body), eventSignature(SECRET, '{"a":1}'), 1],
    ['chunks', chunked([body]), eventSignature(SECRET, '{"a":1}'), 1],
    ['a wrong signature', sized(body), 'wrong', 0],
  ])('answers 200 to %s', async (_what, [framing, bytes], signature, events) => {
    const answer = await exchange(double.url, [...framing, `preservica-signature: ${signature}`], bytes);
    expect(answer.text).toMatch(/^HTTP\/1\.1 200 [^]*\{"success": true\}$/);
    expect(double.events).toHaveLength(events);
  });

  test('answers 500 to letters beyond latin-1', async () => {
    const answer = await exchange(double.url, ...sized(Buffer.from('{"a":"日"}')));
    expect(answer.text).toMatch(/^HTTP\/1\.1 500 /);
  });
});

describe('the receiver for Kloudless', () => {
  let double: KloudlessDouble;
  beforeAll(async () => {
    double = await KloudlessDouble.start({ apiKey: 'KEY', appId: 'APPID' });
  });
  afterAll(() => double.stop());

  test.each([
    ['', 'nlmXEoEa+ffwALnx0PSk5KRj7LXE+ue9qhPjPEZCyG4=', 200],
    ['account=593652', 'g8nnbnRoQRB5kD+nHJGvzQuGsXFUtV79G/X7NW6Xunk=', 200],
    ['account=593653', 'g8nnbnRoQRB5kD+nHJGvzQuGsXFUtV79G/X7NW6Xunk=', 403],
  ])('answers %j signed with %s with %i', async (form, signature, status) => {
    const [framing, body] = sized(Buffer.from(form));
    const { text } = await exchange(double.url, [...framing, `X-Kloudless-Signature: ${signature}`], body);
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    if (status === 200) expect(text).toMatch(/text\/html[^]*\r\n\r\nAPPID\n$/);
  });

  test('was told of the one account', () => expect(double.accounts).toEqual(['593652']));
});

describe('the Go receiver of bucket notifications', () => {
  let double: McsDouble;
  beforeAll(async () => {
    double = await McsDouble.start();
  });
  afterAll(() => double.stop());

  const confirmation = {
    Timestamp: '2026-11-22T07:00:00+03:00',
    Type: 'SubscriptionConfirmation',
    TopicArn: 'mcs1|guestbook|s3:ObjectCreated:*',
    SignatureVersion: 1,
    Token: 'E2itMqAMUVVZc51pUhFWSp13DoxezvRxkUh5P7LEuk1dEe9y',
  };
  const record = (object: object): string => JSON.stringify({ Records: [{ s3: { object } }] });
  const post = async (text: string, framed = sized): Promise<string> =>
    (await exchange(double.url, ...framed(Buffer.from(text)))).text;

  test('signs its Host and path, never the query', async () => {
    const url = double.url.replace('?x=1', '');
    const signed = JSON.stringify({ signature: mcsProof(confirmation, url) });
    expect(await post(JSON.stringify({ ...confirmation, SigningCertURL: 'https://a.example/' }))).toMatch(
      new RegExp(`^HTTP/1.1 200 [^]*\r\n\r\n${signed}\n$`),
    );
  });

  test.each([
    ['pretty JSON, which it takes for records', JSON.stringify(confirmation, null, 2), 200],
    ['a version as a text', JSON.stringify({ ...confirmation, SignatureVersion: '1' }), 400],
    ['a sequencer as a text', record({ key: 'a', sequencer: '0055AED6DCD90281E5', size: 1 }), 400],
    ['whole numbers', record({ key: 'дом', sequencer: 1, size: 1 }), 200],
  ])('answers %s without a signature', async (_what, text, status) => {
    const answer = await post(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).not.toContain('signature');
  });

  test('takes chunks', async () => {
    expect(await post(record({ key: 'b', sequencer: 1, size: 1 }), (body) => chunked([body]))).toMatch(
      / 200 /,
    );
    expect(double.keys).toEqual(['дом', 'b']);
  });
});
