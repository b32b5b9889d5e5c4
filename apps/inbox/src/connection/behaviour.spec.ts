import { expect, test } from 'vitest';
import { checkBehaviour, describe as inWords } from './behaviour.js';

test('a form with empty fields takes the defaults and lasts until switched off', () => {
  const body = { mode: 'status', status: '503', retryAfterSeconds: '7', delayMs: '', requests: '' };
  const { behaviour, errors } = checkBehaviour(body);
  expect(errors).toEqual([]);
  expect(behaviour).toEqual({
    mode: 'status',
    status: 503,
    retryAfterSeconds: 7,
    delayMs: 5000,
    remaining: null,
  });
});

test('JSON may use numbers', () => {
  const { behaviour } = checkBehaviour({ mode: 'delay', delayMs: 250, requests: 3 });
  expect(behaviour).toMatchObject({ mode: 'delay', delayMs: 250, remaining: 3 });
});

test('off is good behaviour', () => {
  expect(checkBehaviour({ mode: 'off', status: 'x' })).toEqual({ behaviour: null, errors: [] });
});

test.each([
  ['nothing', undefined, 'mode'],
  ['an unknown mode', { mode: 'explode' }, 'mode'],
  ['an informational status', { mode: 'status', status: '102' }, 'status'],
  ['no number', { mode: 'status', status: 'teapot' }, 'status'],
  ['half a number', { mode: 'delay', delayMs: '1.5' }, 'delayMs'],
  ['a very long delay', { mode: 'delay', delayMs: 120_001 }, 'delayMs'],
  ['no more requests', { mode: 'hang', requests: 0 }, 'requests'],
  ['an object', { mode: 'hang', requests: {} }, 'requests'],
])('%s is refused', (_what, body, field) => {
  expect(checkBehaviour(body).errors.map((error) => error.field)).toEqual([field]);
});

test('it is told in words', () => {
  const { behaviour } = checkBehaviour({ mode: 'status', status: 503, retryAfterSeconds: 2, requests: 1 });
  expect(behaviour && inWords(behaviour)).toBe('answers 503 with Retry-After: 2, once more');
});
