import { expect, test } from 'vitest';
import { checkEntry, normalise } from './entry-text.js';

test('name and message are trimmed and otherwise kept as they are', () => {
  const { text, errors } = checkEntry({ name: '  Ada ', message: '\n<b>Hello</b>\t{{7*7}}\u202e\u0007 \n' });
  expect(text).toEqual({ name: 'Ada', message: '<b>Hello</b>\t{{7*7}}\u202e\u0007' });
  expect(errors).toEqual([]);
});

test('what PostgreSQL cannot hold becomes the replacement character, once for each', () => {
  expect(normalise('a\0b\ud83dc\udc00')).toBe('a\ufffdb\ufffdc\ufffd');
  expect(normalise('whole 😀')).toBe('whole 😀');
});

test('a form and JSON store the same line breaks', () => {
  expect(normalise('a\r\nb\rc\nd')).toBe('a\nb\nc\nd');
});

test('an emoji counts as one character', () => {
  expect(checkEntry({ name: '😀'.repeat(80), message: '😀'.repeat(2000) }).errors).toEqual([]);
});

test.each([
  ['nothing', undefined, ['name', 'message']],
  ['an array', [], ['name', 'message']],
  ['text', 'name=Ada', ['name', 'message']],
  ['numbers', { name: 1, message: { $gt: '' } }, ['name', 'message']],
  ['an inherited field', Object.create({ name: 'Ada', message: 'Hello' }), ['name', 'message']],
  ['white space', { name: ' \u3000\n', message: 'Hello' }, ['name']],
  ['a long name', { name: 'x'.repeat(81), message: 'Hello' }, ['name']],
  ['a long message', { name: 'Ada', message: 'x'.repeat(2001) }, ['message']],
])('%s: the fields at fault are named', (_what, body, fields) => {
  expect(checkEntry(body).errors.map(({ field }) => field)).toEqual(fields);
});

test('the fault says the limit and how far the text is beyond it', () => {
  const [error] = checkEntry({ name: 'x'.repeat(90), message: 'Hello' }).errors;
  expect(error?.message).toBe('Please keep your name to 80 characters; it has 90.');
});
