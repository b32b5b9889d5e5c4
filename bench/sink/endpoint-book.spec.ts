import type { Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { BLANK_MARK, markOffsets, writeMark } from '../mark.js';
import { EndpointBook } from './endpoint-book.js';

const RUN = 3;

function newBook(): { book: EndpointBook; send: (path: string, sequence: number, run?: number) => void } {
  const book = new EndpointBook();
  book.begin(RUN);
  const socket = { destroyed: false, write: () => true } as unknown as Socket;
  const send = (path: string, sequence: number, run = RUN): void => {
    const bytes = Buffer.from(`{"mark":"${BLANK_MARK}"}`);
    writeMark(bytes, markOffsets(bytes)[0] ?? 0, { run, sequence, dueMicros: 1 });
    book.receive(socket, { path, bytes, bodyFrom: 0, bodyTo: bytes.length });
  };
  return { book, send };
}

test('an event counts once at each endpoint, and again as a duplicate', () => {
  const { book, send } = newBook();
  send('/ok/a/1', 5);
  send('/ok/a/2', 5);
  send('/ok/a/2', 5);
  send('/ok/b/1', 900_000);
  expect(book.stats()).toMatchObject({
    requests: 4,
    delivered: 3,
    duplicates: 1,
    groups: { a: { delivered: 2, duplicates: 1 }, b: { delivered: 1 } },
  });
  expect(book.stats().latency.count).toBe(3);
});

test('what is not answered with 2xx is a request and no delivery', () => {
  const { book, send } = newBook();
  send('/error/503/bad/1', 1);
  send('/hang/stuck/1', 2);
  for (let n = 0; n < 4; n += 1) send('/flaky/0.5/shaky/1', n);
  expect(book.stats().groups).toMatchObject({
    bad: { requests: 1, delivered: 0 },
    stuck: { requests: 1, delivered: 0 },
    shaky: { requests: 4, delivered: 2 },
  });
});

test('an event of an earlier run does not count', () => {
  const { book, send } = newBook();
  send('/ok/a/1', 1, RUN - 1);
  expect(book.stats()).toMatchObject({ requests: 0, delivered: 0 });
});

test('an answer that is slow to come does not count in the run that has begun meanwhile', async () => {
  const { book, send } = newBook();
  send('/slow/1/a/1', 1);
  book.begin(RUN + 1);
  send('/slow/20/a/1', 2, RUN + 1);
  await vi.waitFor(() => expect(book.delivered).toBe(1));
  expect(book.stats()).toMatchObject({ requests: 1, delivered: 1 });
});
