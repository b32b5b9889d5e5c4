import { expect, test } from 'vitest';
import { SingleFlight } from './single-flight.js';

function controlled(): { flight: SingleFlight; finish: ((error?: Error) => void)[] } {
  const finish: ((error?: Error) => void)[] = [];
  const task = (): Promise<void> =>
    new Promise((resolve, reject) => finish.push((error) => (error ? reject(error) : resolve())));
  return { flight: new SingleFlight(task), finish };
}

test('a call during a run waits for a run that begins after it, shared with the others', async () => {
  const { flight, finish } = controlled();
  const first = flight.run();
  const [second, third] = [flight.run(), flight.run()];
  expect(finish).toHaveLength(1);
  expect(second).toBe(third);
  finish[0]?.();
  await first;
  await Promise.resolve();
  await expect.poll(() => finish.length).toBe(2);
  const fourth = flight.run();
  expect(fourth).not.toBe(third);
  finish[1]?.();
  await Promise.all([second, third]);
  await expect.poll(() => finish.length).toBe(3);
  finish[2]?.();
  await fourth;
});

test('a failed run is told to its callers alone', async () => {
  const { flight, finish } = controlled();
  const first = flight.run();
  const second = flight.run();
  finish[0]?.(new Error('away'));
  await expect(first).rejects.toThrow('away');
  await expect.poll(() => finish.length).toBe(2);
  finish[1]?.();
  await expect(second).resolves.toBeUndefined();
  const third = flight.run();
  finish[2]?.();
  await third;
});
