import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { FacadeStage } from '../compat/facade-stage.js';
import { CHECKOUTS, type CheckoutName, checkoutOf } from './checkouts.js';
import { driveKloudless, drivePreservica, driveS3Webhook, python } from './drive.js';

const DRIVES = { pypreservica: drivePreservica, kloudless: driveKloudless, s3Webhook: driveS3Webhook };
const STAND_INS: Readonly<Record<CheckoutName, string>> = {
  pypreservica: 'pypreservica',
  kloudless: 'kloudless',
  s3Webhook: 's3-webhook/s3-webhook.mjs',
};

let stage: FacadeStage;
beforeAll(async () => {
  stage = await FacadeStage.start();
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => stage.stop());

describe('with a checkout', () => {
  for (const [name, { test: title, variable }] of Object.entries(CHECKOUTS)) {
    const checkout = checkoutOf(name as CheckoutName);
    const note = checkout === null ? ` (not run here: needs ${variable})` : '';
    test.runIf(checkout !== null)(title + note, () => DRIVES[name as CheckoutName](stage, checkout ?? ''));
  }
});

/** What proves that the tests above would notice. */
describe('with a stand-in of the client', () => {
  const names = Object.keys(DRIVES) as CheckoutName[];
  const canRun = (name: CheckoutName): boolean => name === 's3Webhook' || python() !== null;
  const runnable = names.filter(canRun);

  test.each(runnable)('the test of %s passes', async (name) => {
    await DRIVES[name](stage, join(import.meta.dirname, 'stand-ins', STAND_INS[name]));
  });

  test.each(runnable)('the test of %s fails when the client does', async (name) => {
    vi.stubEnv('STAND_IN_FAILS', '1');
    const driven = DRIVES[name](stage, join(import.meta.dirname, 'stand-ins', STAND_INS[name]));
    await expect(driven).rejects.toThrow();
  });

  test.each(runnable)('the test of %s fails when there is no checkout at the path', async (name) => {
    await expect(DRIVES[name](stage, '/nowhere/to/be/found')).rejects.toThrow();
  });
});
