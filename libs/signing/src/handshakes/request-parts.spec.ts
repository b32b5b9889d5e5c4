import { expect, test } from 'vitest';
import { withQuery } from './request-parts.js';

test.each([
  ['https://a.example/in', 'https://a.example/in?c=1%2B2'],
  ['https://a.example/in?', 'https://a.example/in?c=1%2B2'],
  ['https://a.example/in?x=1', 'https://a.example/in?x=1&c=1%2B2'],
  ['https://a.example/in?x=1&', 'https://a.example/in?x=1&c=1%2B2'],
  ['https://a.example/in?x=%7e+~#top', 'https://a.example/in?x=%7e+~&c=1%2B2#top'],
  ['https://a.example/in#top?not=query', 'https://a.example/in?c=1%2B2#top?not=query'],
])('parameters are appended to %s without touching the rest', (url, expected) => {
  expect(withQuery(url, { c: '1+2' })).toBe(expected);
});
