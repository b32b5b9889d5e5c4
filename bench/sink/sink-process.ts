import { createServer } from 'node:net';
import { nowMicros } from '../measure/clock.js';
import { answerCalls, notify } from '../process/answering.js';
import { EndpointBook } from './endpoint-book.js';
import { lendBytes } from './lent-bytes.js';
import { RequestReader } from './request-reader.js';

/**
 * A receiver that costs as little as Node allows: raw sockets, no parsing beyond the first line, the length and the
 * mark. It is asked over IPC, so that asking does not show in what it measures.
 */
export interface Progress {
  readonly run: number;
  readonly delivered: number;
}

const PROGRESS_EVERY_MS = 5;
const book = new EndpointBook();
let told = 0;
let run = 0;

const server = createServer({ noDelay: true, pauseOnConnect: true }, (accepted) => {
  const socket = lendBytes(accepted, (bytes) => reader.push(bytes));
  const reader = new RequestReader((request) => book.receive(socket, request));
});

answerCalls({
  listen: () =>
    new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    }),
  begin: (number: number) => {
    run = number;
    book.begin(run);
    told = 0;
  },
  stats: () => ({ ...book.stats(), atMicros: nowMicros() }),
});

setInterval(() => {
  if (book.delivered === told) return;
  told = book.delivered;
  notify({ run, delivered: told } satisfies Progress);
}, PROGRESS_EVERY_MS);
