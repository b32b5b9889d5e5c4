import { expect, test } from 'vitest';
import { excerptOf } from './excerpt.js';

test.each([
  ['who wrote, and what', { data: { id: 'ent_1', name: ' Ada ', message: 'Hello' } }, 'Ada: Hello'],
  ['the name alone', { data: { name: 'Ada', message: '  ' } }, 'Ada'],
  ['the subject', { subject: 'order-7', data: { id: 'x', total: 3 } }, 'order-7'],
  ['a subject among the data', { data: { subject: 'order-7', id: 'x' } }, 'order-7'],
  ['the id', { data: { id: 'order-7' } }, 'order-7'],
])('an excerpt is %s', (_, content, expected) => {
  expect(excerptOf(content)).toBe(expected);
});

test.each([[null], ['plain text'], [7], [[]], [{}], [{ data: null }], [{ data: { name: 1, id: {} } }]])(
  'there is none of %j',
  (content) => {
    expect(excerptOf(content)).toBe('');
  },
);

test('it is short, and cuts no character in two', () => {
  const excerpt = excerptOf({ data: { name: 'Ada', message: '😀'.repeat(100_000) } });
  expect(excerpt).toBe(`Ada: ${'😀'.repeat(74)}…`);
  expect(excerptOf({ data: { name: 'w'.repeat(80) } })).toBe('w'.repeat(80));
  expect(excerptOf({ data: { name: 'w'.repeat(81) } })).toBe(`${'w'.repeat(79)}…`);
});
