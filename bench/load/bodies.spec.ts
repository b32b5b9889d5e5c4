import { expect, test } from 'vitest';
import { readMark } from '../mark.js';
import { batchBody, singleBodies } from './bodies.js';

test('in a batch the types take turns and the events are numbered on', () => {
  const body = batchBody({ types: ['a.b', 'c.d'], bytes: 512 }, 3).mark(9, 100, 5);
  const { events } = JSON.parse(body.bytes.toString()) as { events: { type: string; data: object }[] };
  expect(events.map(({ type }) => type)).toEqual(['a.b', 'c.d', 'a.b']);
  const sequences = events.map((event) => {
    const bytes = Buffer.from(JSON.stringify(event));
    return readMark(bytes, 0, bytes.length)?.sequence;
  });
  expect(sequences).toEqual([100, 101, 102]);
});

test('a single event is a little smaller than its delivery is to be', () => {
  const [body] = singleBodies({ types: ['a.b'], bytes: 512 });
  expect(body?.events).toBe(1);
  expect(body?.bytes.length).toBeLessThan(512);
  expect(body?.bytes.length).toBeGreaterThan(400);
});

test('a large event is a document of many values, as large as it is to be', () => {
  const [body] = singleBodies({ types: ['a.b'], bytes: 256 * 1024 });
  const { data } = JSON.parse(body?.bytes.toString() ?? '') as { data: { records: object[] } };
  expect(data.records.length).toBeGreaterThan(1_000);
  expect(JSON.stringify(data).length).toBeLessThanOrEqual(256 * 1024);
  expect(JSON.stringify(data).length).toBeGreaterThan(250 * 1024);
});
