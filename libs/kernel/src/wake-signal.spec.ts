import { expect, test } from 'vitest';
import { WakeSignal } from './wake-signal.js';

const LONG = 60_000;

test('a wake ends the rest', async () => {
  const signal = new WakeSignal();
  const rest = signal.rest(LONG);
  signal.wake();
  await expect(rest).resolves.toBeUndefined();
});

test('a wake that came while nobody rested is not lost', async () => {
  const signal = new WakeSignal();
  signal.wake();
  await expect(signal.rest(LONG)).resolves.toBeUndefined();
});

test('without a wake the rest ends by itself', async () => {
  await expect(new WakeSignal().rest(1)).resolves.toBeUndefined();
});
