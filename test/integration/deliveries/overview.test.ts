import { afterAll, beforeAll, expect, test } from 'vitest';
import { Overview } from '#libs/deliveries';
import { toTypeId } from '#libs/kernel';
import { eventually } from '../../support/eventually.js';
import { Engine } from './engine.js';

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.start();
});
afterAll(() => engine.stop());

test('the overview tells how many attempts were made in the last hour, and whose failed', async () => {
  const subscription = await engine.subscribe({ scheduleSeconds: [0] });
  engine.receiver.behave(200, 500, 503);
  await engine.settled((await engine.publish()).id, 'delivered');
  await engine.settled((await engine.publish()).id, 'exhausted');
  await eventually(async () => {
    expect(await engine.app.get(Overview).read()).toMatchObject({
      pending: 0,
      oldestDueSeconds: null,
      lastHour: { attempts: 3, delivered: 1, failed: 2 },
      subscriptions: { active: 1 },
      topFailures: [
        {
          subscriptionId: toTypeId('sub', subscription),
          url: engine.receiver.url,
          failed: 2,
          lastErrorType: 'status_5xx',
        },
      ],
    });
  });
});
