import { expect, test } from 'vitest';
import { Readiness } from './readiness.js';

const up = (): boolean => true;
const down = (): boolean => false;

test('a dependency that is not needed is reported, and the process stays ready without it', async () => {
  const readiness = new Readiness();
  readiness.watch('database', up);
  readiness.watch('broker', down, { isNeeded: false });
  const dependencies = { database: 'up', broker: 'down' };
  expect(await readiness.report()).toEqual({ status: 'ready', dependencies });
  readiness.watch('database', down);
  expect(await readiness.report()).toMatchObject({ status: 'not_ready' });
});

test.each([
  [true, true, 'not_ready'],
  [true, false, 'ready'],
  [false, true, 'ready'],
])('watched twice (needed: %s and %s) and away, it leaves the process %s', async (first, second, status) => {
  const readiness = new Readiness();
  readiness.watch('broker', down, { isNeeded: first });
  readiness.watch('broker', down, { isNeeded: second });
  expect((await readiness.report()).status).toBe(status);
});
