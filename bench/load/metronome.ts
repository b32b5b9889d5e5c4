import { Worker } from 'node:worker_threads';

/** Waking a thread costs some 20 µs, so what is due between two beats goes out with the later one. */
const SHORTEST_BEAT_MS = 1;

/**
 * Calls `beat` at `startMicros` of the machine's clock and every so many milliseconds from there, until it is stopped.
 * Node's timers are up to a millisecond late, which is much of what is measured here; a sleeping thread is not.
 */
export function startMetronome(startMicros: number, everyMs: number, beat: () => void): () => void {
  const workerData = { startMs: startMicros / 1000, everyMs: Math.max(everyMs, SHORTEST_BEAT_MS) };
  const worker = new Worker(SLEEPER, { eval: true, workerData });
  worker.on('message', beat);
  return () => void worker.terminate();
}

/** Sleeps to the next beat of a fixed grid, so that a late one does not shift the others. */
const SLEEPER = `
const { parentPort, workerData: { startMs, everyMs } } = require('node:worker_threads');
const cell = new Int32Array(new SharedArrayBuffer(4));
const now = () => Number(process.hrtime.bigint()) / 1e6;
let beat = Math.max(0, Math.ceil((now() - startMs) / everyMs));
for (; ; beat += 1) {
  const due = startMs + beat * everyMs;
  for (let left = due - now(); left > 0; left = due - now()) Atomics.wait(cell, 0, 0, left);
  parentPort.postMessage(0);
}
`;
