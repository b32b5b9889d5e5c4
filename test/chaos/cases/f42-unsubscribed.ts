import { everywhere, type ChaosCase } from '../case.js';
import { attemptsOf } from '../oracle/attempts.js';

export const chaosCase: ChaosCase = {
  id: 'F42',
  name: 'unsubscribed',
  inject: '410 Gone, and `webhook-delivery: disable` with 200 and with 500',
  expect:
    'each subscription is disabled at once, says why and is in the audit log; what was taken counts as delivered, no more is sent',
  modes: { ...everywhere('run'), embedded: 'fast' },

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const type = await stage.eventType();
    const headers = { 'webhook-delivery': 'disable' };
    const behaviours = [{ status: 410 }, { status: 200, headers }, { status: 500, headers }];
    const leaving = await Promise.all(behaviours.map(() => stage.subscribe({}, type)));
    await Promise.all(
      leaving.map(({ endpoint }, index) => endpoint.behave(behaviours[index] ?? { status: 410 })),
    );

    // Inject
    await stage.publisher().publish(type, 1);

    // Expect
    const tally = await stage.judge({ mayRemain: ['exhausted'] });
    for (const { id, subscriptionId } of leaving) {
      await stage.eventually(async () => {
        const { status, statusReason } = await platform.call<Subscription>('GET', `/v1/subscriptions/${id}`);
        if (status !== 'disabled' || statusReason !== 'gone')
          throw new Error(`${id}: ${status}, ${statusReason}`);
      });
      const { data } = await platform.call<AuditPage>('GET', '/v1/admin/audit-log?limit=50');
      const isNoted = data.some(
        (entry) => entry.operation === 'disableSubscription' && entry.path.endsWith(id),
      );
      if (!isNoted) throw new Error(`the audit log does not say that ${id} was disabled`);
      const attempts = await attemptsOf(platform.sql, subscriptionId);
      if (attempts.length !== 1) throw new Error(`${attempts.length} attempts at ${id}`);
    }
    if (tally.delivered !== 1) throw new Error(`${tally.delivered} count as delivered, one said 200`);
    await stage.eventually(async () => {
      const { deliveries } = await platform.call<Accepted>('POST', '/v1/events', { type, data: {} });
      if (deliveries > 0) throw new Error('an event after that was given to one of them');
    });
    return tally;
  },
};

interface Subscription {
  readonly status: string;
  readonly statusReason: string | null;
}

interface AuditPage {
  readonly data: readonly { readonly operation: string; readonly path: string }[];
}

interface Accepted {
  readonly deliveries: number;
}
