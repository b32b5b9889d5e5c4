import { Worker } from 'node:worker_threads';

/** Below it several beats become one: waking a thread costs some 20 µs. */
const SHORTEST_BEAT_MS = 0.5;

/**
 * Calls `beat` about every so many milliseconds until it is stopped. Node's timers are up to a millisecond late, which
 * is much of what is measured here; a sleeping thread is not.
 */
export function startMetronome(everyMs: number, beat: () => void): () => void {
  const worker = new Worker(SLEEPER, { eval: true, workerData: Math.max(everyMs, SHORTEST_BEAT_MS) });
  worker.on('message', beat);
  return () => void worker.terminate();
}

/** Sleeps to the next beat of a fixed grid, so that a late one does not shift the others. */
const SLEEPER = `
const { parentPort, workerData: everyMs } = require('node:worker_threads');
const cell = new Int32Array(new SharedArrayBuffer(4));
const startedAt = performance.now();
for (let beat = 1; ; beat += 1) {
  Atomics.wait(cell, 0, 0, Math.max(0, startedAt + beat * everyMs - performance.now()));
  parentPort.postMessage(0);
}
`;
