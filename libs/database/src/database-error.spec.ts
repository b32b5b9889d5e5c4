import { expect, test } from 'vitest';
import { isTransientDatabaseError } from './database-error.js';

const withCode = (code: string): Error => Object.assign(new Error('of the server'), { code });

test.each([
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '53300',
  '40001',
  '40P01',
  '25006',
  'ECONNRESET',
  'ECONNREFUSED',
  'EMFILE',
])('%s may pass by itself', (code) => expect(isTransientDatabaseError(withCode(code))).toBe(true));

test.each(['23505', '42P01', '28P01', '57014', '22P02'])('%s will happen again', (code) =>
  expect(isTransientDatabaseError(withCode(code))).toBe(false),
);

test('a connection that ended without a code may come back', () => {
  expect(isTransientDatabaseError(new Error('Connection terminated unexpectedly'))).toBe(true);
});

test('a server that did not answer in time may answer another time', () => {
  expect(isTransientDatabaseError(new Error('Query read timeout'))).toBe(true);
});

test('the cause inside a wrapping error decides', () => {
  expect(isTransientDatabaseError(new Error('could not settle', { cause: withCode('57P01') }))).toBe(true);
  expect(isTransientDatabaseError(new AggregateError([withCode('ECONNREFUSED')]))).toBe(true);
});

test('what is no error, or a cause that leads to itself, is not transient', () => {
  const circular = new Error('a');
  circular.cause = circular;
  expect(isTransientDatabaseError('57P01')).toBe(false);
  expect(isTransientDatabaseError(circular)).toBe(false);
});
