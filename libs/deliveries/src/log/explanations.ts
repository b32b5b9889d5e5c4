import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { AppError, fromTypeId, ID_PREFIX, toTypeId } from '#libs/kernel';
import { SubscriptionsService } from '#libs/subscriptions';
import { DeliveryLog } from './delivery-log.js';
import { EventLog } from './event-log.js';
import { explain, type Explanation } from './explanation.js';

const CHOSEN = `
SELECT $3::uuid = ANY (subscription_ids) AS was_chosen FROM event WHERE tenant_id = $1 AND id = $2`;

/** Whose subscription, and which event. */
export interface ExplainRequest {
  readonly tenantId: string;
  /** UUID. */
  readonly subscriptionId: string;
  /** `evt_…`. */
  readonly eventId: string | undefined;
}

/** Answers the question that is asked most: why was this event not sent? */
@Injectable()
export class Explanations {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly events: EventLog,
    private readonly deliveries: DeliveryLog,
    private readonly database: Database,
  ) {}

  /** Throws `subscription_not_found` or `event_not_found`. */
  async explain({ tenantId, subscriptionId, eventId }: ExplainRequest): Promise<Explanation> {
    const subscription = await this.subscriptions.get({ tenantId, id: subscriptionId });
    if (eventId === undefined) throw withoutEvent();
    const event = await this.events.find(tenantId, eventId);
    const { data } = await this.deliveries.list({
      tenantId,
      eventId,
      subscriptionId: toTypeId(ID_PREFIX.subscription, subscriptionId),
      limit: 1,
    });
    const ids = [tenantId, fromTypeId(ID_PREFIX.event, eventId), subscriptionId];
    const [row] = await this.database.query<{ was_chosen: boolean | null }>(CHOSEN, ids);
    return explain({ subscription, event, delivery: data[0] ?? null, wasChosen: row?.was_chosen ?? null });
  }
}

function withoutEvent(): AppError {
  const message = 'must be the id of an event, like evt_01h455vb4pex5vsknk084sn02q';
  return new AppError('invalid', 'validation_failed', `Say which event: eventId ${message}.`, {
    errors: [{ field: 'eventId', message }],
  });
}
