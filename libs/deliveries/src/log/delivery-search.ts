import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { decodeCursor, fromTypeId, ID_PREFIX } from '#libs/kernel';
import { Conditions } from './conditions.js';
import type { DeliveryFilter } from './delivery-view.js';
import { type Found, type FoundRow, searchPage, type SearchSource } from './page-search.js';

/**
 * A delivery's id holds the time when it was made, by the clock of the process; `created_at` is the database's. So the
 * ids lead to the days, and within this of the bounds each row is looked at.
 */
const ID_CLOCK_MARGIN_MS = 10_000;
/** More messages are on their way at once only while everything moves; who lists then sees the newest. */
const NEWEST_LEASES = 200;
const NOTHING: FoundDeliveries = { rows: [], nextId: null, scopeColumn: 'tenant_id' };

/** The rows of a page, and the column that their scope is a value of. */
export interface FoundDeliveries extends Found {
  readonly scopeColumn: SearchSource['scopeColumn'];
}

/** A filter with its ids resolved. */
interface Wanted {
  readonly filter: DeliveryFilter;
  readonly subscription: string | null | undefined;
  readonly event: string | null | undefined;
}

/** Finds the deliveries of a page of the log, each kind of filter by the index that leads straight to its rows. */
@Injectable()
export class DeliverySearch {
  constructor(private readonly database: Database) {}

  async find(filter: DeliveryFilter): Promise<FoundDeliveries> {
    const subscription = idOf(ID_PREFIX.subscription, filter.subscriptionId);
    const event = idOf(ID_PREFIX.event, filter.eventId);
    if (subscription === null || event === null) return NOTHING;
    const wanted = { filter, subscription, event };
    return event === undefined ? this.findInLog(wanted) : this.findOfEvent(wanted, event);
  }

  /** An event has no more deliveries than there are subscriptions. */
  private async findOfEvent({ filter, subscription }: Wanted, event: string): Promise<FoundDeliveries> {
    const conditions = new Conditions();
    conditions.index('d.event_id = $2');
    conditions.check('d.tenant_id = ?::uuid', filter.tenantId);
    conditions.check('d.subscription_id = ?::uuid', subscription);
    addCheckedFilters(conditions, filter);
    const rows = await this.database.query<FoundRow>(
      `SELECT e.scope, e.id FROM (
         SELECT d.tenant_id AS scope, d.id FROM delivery d WHERE ${[...conditions.indexed, ...conditions.checked].join(' AND ')}
         OFFSET 0
       ) e WHERE $1::uuid IS NULL OR e.id < $1 ORDER BY e.id DESC LIMIT ${filter.limit + 1}`,
      [filter.cursor === undefined ? null : decodeCursor(filter.cursor), event, ...conditions.values],
    );
    const page = rows.slice(0, filter.limit);
    const nextId = rows.length > filter.limit ? (page.at(-1)?.id ?? null) : null;
    return { rows: page, nextId, scopeColumn: 'tenant_id' };
  }

  private async findInLog(wanted: Wanted): Promise<FoundDeliveries> {
    const { filter } = wanted;
    const source = await this.sourceOf(wanted);
    if (source.scopes.length === 0) return NOTHING;
    const below = filter.to && idAt(filter.to.getTime() + ID_CLOCK_MARGIN_MS);
    const page = { limit: filter.limit, cursor: filter.cursor, below };
    return { ...(await searchPage(this.database, source, page)), scopeColumn: source.scopeColumn };
  }

  private async sourceOf(wanted: Wanted): Promise<SearchSource> {
    const { filter, subscription } = wanted;
    const conditions = new Conditions();
    const isPending = filter.status === 'pending';
    if (filter.from) conditions.index('d.id >= ?::uuid', idAt(filter.from.getTime() - ID_CLOCK_MARGIN_MS));
    addCheckedFilters(conditions, isPending ? { ...filter, status: undefined } : filter);
    const bySubscription = isPending || subscription !== undefined;
    return {
      table: 'delivery',
      scopeColumn: bySubscription ? 'subscription_id' : 'tenant_id',
      scopes: await (bySubscription ? this.subscriptions(wanted) : this.tenants(filter)),
      indexed: [...indexedBy(filter.status), ...conditions.indexed],
      checked: conditions.checked,
      besides: isPending ? onTheirWay(conditions) : undefined,
      values: conditions.values,
    };
  }

  private async tenants({ tenantId }: DeliveryFilter): Promise<string[]> {
    if (tenantId !== null) return [tenantId];
    return idsOf(await this.database.query('SELECT id FROM tenant'));
  }

  /** Those that are wanted, of the tenant that is allowed. */
  private async subscriptions({ filter, subscription }: Wanted): Promise<string[]> {
    return idsOf(
      await this.database.query(
        `SELECT id FROM subscription WHERE ($1::uuid IS NULL OR tenant_id = $1) AND ($2::uuid IS NULL OR id = $2)`,
        [filter.tenantId, subscription ?? null],
      ),
    );
  }
}

/** What makes a query fit the partial index of its state. */
function indexedBy(status: DeliveryFilter['status']): string[] {
  if (status === 'pending') return ['d.next_attempt_at IS NOT NULL'];
  return status === 'exhausted' || status === 'discarded' ? ['d.reason IS NOT NULL'] : [];
}

function addCheckedFilters(conditions: Conditions, filter: DeliveryFilter): void {
  conditions.check('d.status = ?', filter.status);
  conditions.check('d.event_type = ?', filter.eventType);
  conditions.check('d.created_at >= ?', filter.from);
  conditions.check('d.created_at < ?', filter.to);
}

/** A delivery that went out at intake is in no index of what waits: the lease of its message leads to it. */
function onTheirWay({ checked, indexed }: Conditions): string {
  const conditions = [
    'd.event_id = l.event_id AND d.subscription_id = ANY ($2::uuid[]) AND d.id < $1',
    `d.status = 'pending' AND d.next_attempt_at IS NULL`,
    ...indexed,
    ...checked,
  ];
  return `
    SELECT o.scope, o.id FROM (
      SELECT DISTINCT unnest(n.event_ids) AS event_id
      FROM (SELECT event_ids FROM delivery_lease ORDER BY id DESC LIMIT ${NEWEST_LEASES}) n
    ) l CROSS JOIN LATERAL (
      SELECT d.subscription_id AS scope, d.id FROM delivery d WHERE ${conditions.join(' AND ')} OFFSET 0
    ) o`;
}

/** The id in a filter: undefined if there is none, null if nothing can have it. */
function idOf(prefix: 'sub' | 'evt', text: string | undefined): string | null | undefined {
  return text === undefined ? undefined : fromTypeId(prefix, text);
}

/** The lowest id of a moment. */
function idAt(ms: number): string {
  const hex = Math.min(Math.max(ms, 0), 2 ** 48 - 1)
    .toString(16)
    .padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

function idsOf(rows: readonly { readonly id: string }[]): string[] {
  return rows.map(({ id }) => id);
}
