import { expect, test } from 'vitest';
import { RoundLoop } from './round-loop.js';
import { WakeSignal } from './wake-signal.js';

test('rounds follow each other without a rest while there is work, and a stop waits for the round under way', async () => {
  let rounds = 0;
  const loop = new RoundLoop(new WakeSignal(), async () => {
    rounds += 1;
    await new Promise((resolve) => setImmediate(resolve));
    return rounds < 5 ? 0 : 60_000;
  });
  loop.start();
  loop.start();
  await expect.poll(() => rounds).toBe(5);
  await loop.stop();
  expect([rounds, loop.isStopping]).toEqual([5, true]);
});

test('a wake ends the rest, and a stopped loop can be started again', async () => {
  let rounds = 0;
  const signal = new WakeSignal();
  const loop = new RoundLoop(signal, async () => {
    rounds += 1;
    return 60_000;
  });
  loop.start();
  await expect.poll(() => rounds).toBe(1);
  signal.wake();
  await expect.poll(() => rounds).toBe(2);
  await loop.stop();
  loop.start();
  await expect.poll(() => rounds).toBe(3);
  await loop.stop();
});
