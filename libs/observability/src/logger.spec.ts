import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createLogger } from './create-logger.js';
import { humanLine } from './human-line.js';
import { NestLogger } from './nest-logger.js';

const KEY = 'bhk_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const SIGNING_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

function recording(logLevel = 'trace'): { lines: string[]; logger: NestLogger } {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return { lines, logger: new NestLogger(createLogger({ logLevel, isProduction: true }, destination)) };
}

test('every line is one JSON object with level, time, context and message', () => {
  const { lines, logger } = recording();
  logger.warn('the broker is away', 'AmqpBroker');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 40,
    context: 'AmqpBroker',
    msg: 'the broker is away',
    time: expect.any(Number),
  });
});

test('a line below the level of the settings is not written', () => {
  const { lines, logger } = recording('warn');
  logger.log('started', 'X');
  logger.debug('detail', 'X');
  expect(lines).toEqual([]);
});

test('an error is logged with its stack and its cause', () => {
  const { lines, logger } = recording();
  logger.error(new Error('outer', { cause: new Error('the disk is full') }), 'Settle');
  const entry = JSON.parse(lines[0] ?? '') as { err: { stack: string }; msg: string; context: string };
  expect(entry.err.stack).toContain('the disk is full');
  expect(entry).toMatchObject({ msg: 'outer', context: 'Settle' });
});

test("Nest's own call with message, stack and context keeps all three", () => {
  const { lines, logger } = recording();
  logger.error('boom', 'Error: boom\n    at here.js:1', 'Scheduler');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    msg: 'boom',
    context: 'Scheduler',
    err: { stack: 'Error: boom\n    at here.js:1' },
  });
});

test('keys, secrets and passwords are masked by name and by shape, wherever they stand', () => {
  const { lines, logger } = recording();
  const error = new Error(`cannot connect to postgres://bellhop:hunter2@db/bellhop with Bearer ${KEY}`);
  logger.log({ authorization: KEY, req: { headers: { cookie: 'sid=canary' } }, secret: 'canary' }, 'Http');
  logger.error(error, 'Database');
  logger.log(`made ${KEY} and ${SIGNING_SECRET}`, 'Access');
  const text = lines.join('');
  expect(text).not.toMatch(/canary|hunter2|abcdefghijkl|MfKQ9r8GKYq/);
  expect(text).toContain('[redacted]');
});

test('a value cannot forge a line or control a terminal', () => {
  const { lines, logger } = recording();
  logger.log('name\n{"level":60}\u001b[31m\u009b2J\u2028\u202e', 'Guestbook');
  expect(lines).toHaveLength(1);
  expect(lines[0]?.trimEnd()).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}]/u);
  const human = humanLine(lines[0] ?? '');
  for (const sent of ['\u001b[31m', '\u009b', '\u2028', '\u202e']) expect(human).not.toContain(sent);
});

test("an error shows its code but never the driver's parameters", () => {
  const { lines, logger } = recording();
  logger.error(Object.assign(new Error('duplicate'), { code: '23505', parameters: ['canary'] }), 'Database');
  expect(lines[0]).toContain('23505');
  expect(lines[0]).not.toContain('canary');
});
