import { Injectable } from '@nestjs/common';
import { Database, type DatabaseClient } from '#libs/database';
import { decodeCursor, encodeCursor, ID_PREFIX, toTypeId } from '#libs/kernel';
import {
  DIFFERENCE_KINDS,
  type DifferenceCounts,
  type DifferenceKind,
  NO_SUBSCRIPTION,
} from './difference-kind.js';
import type {
  DeliveryNumbers,
  DifferencesOfKind,
  NamedDifference,
  ReconciliationView,
  ReportPage,
} from './reconciliation-view.js';
import { COUNTS, OF_SUBSCRIPTIONS, OF_TENANTS, SAMPLES, SUMMARY, TOTALS } from './report.sql.js';

interface NumbersRow {
  readonly tenant_id: string;
  readonly subscription_id: string;
  readonly accepted: number | null;
  readonly found: number;
  readonly pending: number;
  readonly exhausted: number;
  readonly discarded: number;
}

interface SummaryRow {
  readonly counted_until: Date;
  readonly ran_at: Date | null;
  readonly duration_ms: number;
  readonly rows_checked: number;
  readonly ran_seconds_ago: number | null;
  readonly lag_seconds: number;
}

interface SampleRow {
  readonly kind: DifferenceKind;
  readonly tenant_id: string;
  readonly event_id: string;
  readonly subscription_id: string;
  readonly delivery_id: string | null;
  readonly found_at: Date;
  readonly repaired_at: Date | null;
  readonly count: number;
}

const SAMPLE = 10;

/** What reconciliation has found, as of its last round; reading it counts nothing. */
@Injectable()
export class ReconciliationReport {
  constructor(private readonly database: Database) {}

  /** The whole, with one page of the subscriptions. */
  read(page: ReportPage): Promise<ReconciliationView> {
    const after = page.cursor === undefined ? NO_SUBSCRIPTION : decodeCursor(page.cursor);
    return this.database.snapshot(async (client) => {
      const subscriptions = await client.query<NumbersRow>(OF_SUBSCRIPTIONS, [after, page.limit + 1]);
      const shown = subscriptions.slice(0, page.limit);
      const last = subscriptions.length > page.limit ? shown.at(-1) : undefined;
      const tenantIds = [...new Set(shown.map(({ tenant_id }) => tenant_id))];
      return {
        ...(await whole(client)),
        tenants: (await client.query<NumbersRow>(OF_TENANTS, [tenantIds])).map(ofTenant),
        subscriptions: shown.map(ofSubscription),
        nextCursor: last === undefined ? null : encodeCursor(last.subscription_id),
      };
    });
  }

  /** What the metrics show. */
  async summary(): Promise<{ counts: DifferenceCounts; ranSecondsAgo: number | null; lagSeconds: number }> {
    const [row] = await this.database.query<SummaryRow>(SUMMARY);
    const counts = await countsOf(this.database);
    return { counts, ranSecondsAgo: row?.ran_seconds_ago ?? null, lagSeconds: row?.lag_seconds ?? 0 };
  }
}

type Whole = Omit<ReconciliationView, 'tenants' | 'subscriptions' | 'nextCursor'>;

async function whole(client: DatabaseClient): Promise<Whole> {
  const [state] = await client.query<SummaryRow>(SUMMARY);
  const [sum] = await client.query<NumbersRow>(TOTALS);
  if (state === undefined || sum === undefined) throw new Error('the table reconciliation is empty');
  const counts = await countsOf(client);
  const open = await client.query<SampleRow>(SAMPLES, [false, SAMPLE]);
  const repaired = await client.query<SampleRow>(SAMPLES, [true, SAMPLE]);
  return {
    checkedUntil: state.counted_until.toISOString(),
    ranAt: state.ran_at?.toISOString() ?? null,
    durationMs: state.duration_ms,
    rowsChecked: state.rows_checked,
    balanced: Object.keys(counts).length === 0,
    totals: numbersOf(sum),
    differences: byKind(open, (kind) => counts[kind] ?? 0),
    repaired: byKind(repaired, (kind) => repaired.find((row) => row.kind === kind)?.count ?? 0),
  };
}

async function countsOf(client: DatabaseClient): Promise<DifferenceCounts> {
  const rows = await client.query<{ kind: DifferenceKind; count: number }>(COUNTS);
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
}

function byKind(rows: readonly SampleRow[], countOf: (kind: DifferenceKind) => number): DifferencesOfKind[] {
  return DIFFERENCE_KINDS.flatMap((kind) => {
    const count = countOf(kind);
    if (count === 0) return [];
    return [{ kind, count, sample: rows.filter((row) => row.kind === kind).map(toNamed) }];
  });
}

/** Every row has one of four states, so those that are none of the others are delivered. */
function numbersOf({ accepted, found, pending, exhausted, discarded }: NumbersRow): DeliveryNumbers {
  if (accepted === null) return { accepted: 0, delivered: 0, pending: 0, exhausted: 0, discarded: 0 };
  const delivered = Math.max(0, found - pending - exhausted - discarded);
  return { accepted, delivered, pending, exhausted, discarded };
}

function ofTenant(row: NumbersRow): ReconciliationView['tenants'][number] {
  return { tenantId: toTypeId(ID_PREFIX.tenant, row.tenant_id), ...numbersOf(row) };
}

function ofSubscription(row: NumbersRow): ReconciliationView['subscriptions'][number] {
  return { subscriptionId: toTypeId(ID_PREFIX.subscription, row.subscription_id), ...ofTenant(row) };
}

function toNamed(row: SampleRow): NamedDifference {
  const { subscription_id: subscriptionId, delivery_id: deliveryId } = row;
  return {
    tenantId: toTypeId(ID_PREFIX.tenant, row.tenant_id),
    eventId: toTypeId(ID_PREFIX.event, row.event_id),
    subscriptionId:
      subscriptionId === NO_SUBSCRIPTION ? null : toTypeId(ID_PREFIX.subscription, subscriptionId),
    deliveryId: deliveryId === null ? null : toTypeId(ID_PREFIX.delivery, deliveryId),
    foundAt: row.found_at.toISOString(),
    repairedAt: row.repaired_at?.toISOString() ?? null,
  };
}
