import { expect, test } from 'vitest';
import { Outage } from './outage.js';

test('an outage begins once and ends once', () => {
  const outage = new Outage();
  expect(outage.succeeded()).toBe(false);
  expect([outage.failed(), outage.failed()]).toEqual([true, false]);
  expect(outage.isOn).toBe(true);
  expect([outage.succeeded(), outage.succeeded()]).toEqual([true, false]);
  expect(outage.failed()).toBe(true);
});

test('the pauses double up to the longest, however long it lasts, and begin anew after a success', () => {
  const outage = new Outage();
  const pauses = Array.from({ length: 2000 }, () => {
    outage.failed();
    return outage.pauseMs(1000);
  });
  expect(pauses.slice(0, 4)).toEqual([200, 400, 800, 1000]);
  expect(pauses.at(-1)).toBe(1000);
  outage.succeeded();
  outage.failed();
  expect(outage.pauseMs(1000)).toBe(200);
});
