import { type ChaosCase, everywhere } from '../case.js';
import type { ChaosPlatform } from '../platform/chaos-platform.js';
import type { Subscribed } from '../stage.js';

const EVENTS = 4;
const RETRY = { timeoutMs: 5000, retry: { scheduleSeconds: [1, 1, 1] } };

export const chaosCase: ChaosCase = {
  id: 'F49',
  name: 'changed-in-flight',
  inject: 'a secret rotated, a subscription deleted, another paused, with requests in flight and retries due',
  expect:
    'both secrets verify during the overlap; the deleted one gets nothing more; pause sends nothing, resume everything',
  modes: everywhere('run'),

  async run(stage) {
    // Given: of each, two requests in flight and the others failed once.
    const platform = await stage.platform();
    const publisher = stage.publisher();
    const [rotated, deleted, paused] = await Promise.all([
      stage.subscribe(RETRY),
      stage.subscribe(RETRY),
      stage.subscribe(RETRY),
    ]);
    const all = [rotated, deleted, paused];
    const slow = { status: 503, delayMs: 800 } as const;
    for (const { type, endpoint } of all) {
      await endpoint.behave({ status: 503 }, { status: 503 }, slow, slow, { status: 200 });
      await publisher.publish(type, EVENTS);
    }
    await Promise.all(all.map(({ endpoint }) => endpoint.receives(EVENTS)));

    // Inject
    const { secret } = await platform.call<{ secret: string }>(
      'POST',
      `/v1/subscriptions/${rotated.id}/rotate-secret`,
      { overlapSeconds: 600 },
    );
    await platform.call('DELETE', `/v1/subscriptions/${deleted.id}`);
    await platform.call('POST', `/v1/subscriptions/${paused.id}/pause`, {});
    const sentToPaused = await paused.endpoint.requests();
    await publisher.publish(paused.type, EVENTS);

    // Expect: the retries of the rotated one verify with the old secret, and what comes later with the new one.
    await rotated.endpoint.delivers(EVENTS);
    rotated.endpoint.secret = secret;
    await rotated.endpoint.behave({ status: 200 });
    await publisher.publish(rotated.type, EVENTS);
    await rotated.endpoint.delivers(2 * EVENTS);

    // Meanwhile retries of the others fell due three times over.
    const [toDeleted, toPaused] = await Promise.all([
      deleted.endpoint.requests(),
      paused.endpoint.requests(),
    ]);
    if (toDeleted.length > EVENTS)
      throw new Error(`${toDeleted.length - EVENTS} requests came after the deletion`);
    if (toPaused.length > sentToPaused.length)
      throw new Error(`${toPaused.length - sentToPaused.length} came during the pause`);
    await platform.call('POST', `/v1/subscriptions/${paused.id}/resume`, {});
    await paused.endpoint.delivers(2 * EVENTS);
    await isDiscarded(platform, deleted);
    return stage.judge({ mayRemain: ['discarded'] });
  },
};

async function isDiscarded({ sql }: ChaosPlatform, { subscriptionId }: Subscribed): Promise<void> {
  const discarded = await sql.read<{ reason: string }>(
    `SELECT reason FROM delivery WHERE subscription_id = $1 AND status = 'discarded'`,
    [subscriptionId],
  );
  if (discarded.length !== EVENTS || discarded.some(({ reason }) => reason !== 'subscription_deleted')) {
    throw new Error(`of the deleted subscription ${discarded.length} are discarded`);
  }
}
