import { expect, test } from 'vitest';
import { hashOfKey, isCanonicalKey, newKeyText } from './key-text.js';

test('a new key has a prefix, 43 random characters and a checksum, and is never given twice', () => {
  const key = newKeyText();
  expect(key).toMatch(/^bhk_[A-Za-z0-9_-]{49}$/);
  expect(isCanonicalKey(key)).toBe(true);
  expect(newKeyText()).not.toBe(key);
});

test('a mistyped, cut or longer key is known without asking the database', () => {
  const key = newKeyText();
  for (let at = 4; at < key.length; at += 1) {
    const other = key[at] === 'A' ? 'B' : 'A';
    expect(isCanonicalKey(key.slice(0, at) + other + key.slice(at + 1))).toBe(false);
  }
  for (const text of [
    '',
    'bhk_',
    key.slice(0, -1),
    `${key}A`,
    `${key}=`,
    ` ${key}`.trimEnd().slice(1) + '\n',
  ]) {
    expect(isCanonicalKey(text)).toBe(false);
  }
});

test('an operator may have chosen any other text', () => {
  expect(isCanonicalKey('correct horse battery staple, and more')).toBe(true);
});

test('the hash of two spellings differs', () => {
  expect(hashOfKey('a-key').equals(hashOfKey('A-key'))).toBe(false);
  expect(hashOfKey('a-key')).toHaveLength(32);
});
