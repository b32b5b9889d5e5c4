import { expect, test } from 'vitest';
import { MAX_EVENT_BYTES } from '#libs/events';
import { AppError, DEFAULT_TENANT_ID } from '#libs/kernel';
import { readEvent } from './event-input.js';

const NOW = new Date('2026-11-22T04:00:00Z');
const read = (body: unknown, data: Buffer | undefined = Buffer.from('{}')): ReturnType<typeof readEvent> =>
  readEvent({ tenantId: DEFAULT_TENANT_ID, body, data }, NOW);

test('what is left out is filled in', () => {
  const event = read({ type: 'order.created', data: {} });
  expect(event).toMatchObject({
    type: 'order.created',
    subject: null,
    timestamp: NOW,
    tenantId: DEFAULT_TENANT_ID,
  });
  expect(event.id).toMatch(/^[0-9a-f-]{36}$/);
});

test('every fault is named at once', () => {
  const error = faultOf(() => read({ type: 'no', id: '42', timestamp: '2026-11-22', subject: '', oops: 1 }));
  expect(error.code).toBe('validation_failed');
  expect(error.errors.map(({ field }) => field)).toEqual(['type', 'id', 'timestamp', 'subject', 'oops']);
});

test.each([[null], ['text'], [[]], [7]])('%j is no event', (body) => {
  expect(faultOf(() => read(body)).code).toBe('validation_failed');
});

test('data may have 256 KiB and not a byte more', () => {
  expect(read({ type: 'a.b' }, Buffer.alloc(MAX_EVENT_BYTES, 'x')).data.length).toBe(MAX_EVENT_BYTES);
  expect(faultOf(() => read({ type: 'a.b' }, Buffer.alloc(MAX_EVENT_BYTES + 1, 'x')))).toMatchObject({
    kind: 'too_large',
    code: 'event_too_large',
  });
});

function faultOf(action: () => unknown): AppError {
  try {
    action();
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('no AppError came');
}
