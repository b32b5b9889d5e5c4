import { DEFAULT_TENANT_ID, fromTypeId } from '#libs/kernel';
import type { HandshakeName, ProfileChoice } from '#libs/signing';
import { SubscriptionDirectory, SubscriptionsService } from '#libs/subscriptions';
import type { Engine } from '../deliveries/engine.js';

export const OPERATOR = { tenantId: DEFAULT_TENANT_ID, keyId: null, isOperator: true } as const;
/** Readable in every way that a profile reads a secret. */
export const SECRET = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';

export interface Wish extends Partial<ProfileChoice> {
  readonly url: string;
  readonly secret?: string;
  readonly handshake?: HandshakeName;
  readonly scheduleSeconds?: readonly number[];
  readonly timeoutMs?: number;
}

/** Subscribes through all rules but the challenge; returns the UUID. */
export async function subscribe(engine: Engine, { scheduleSeconds, ...wish }: Wish): Promise<string> {
  const { subscription } = await engine.app.get(SubscriptionsService).create(OPERATOR, {
    eventTypes: ['guestbook.*'],
    secret: SECRET,
    handshake: 'none',
    ...wish,
    ...(scheduleSeconds && { retry: { scheduleSeconds } }),
  });
  await engine.app.get(SubscriptionDirectory).refresh();
  return subscription.id;
}

/** Removes it, so that the next test's events go to its own receivers alone. */
export async function unsubscribe(engine: Engine, id: string): Promise<void> {
  await engine.app.get(SubscriptionsService).remove({ tenantId: DEFAULT_TENANT_ID, id });
  await engine.app.get(SubscriptionDirectory).refresh();
}

export function uuidOfEvent(id: string): string {
  return fromTypeId('evt', id) ?? '';
}
