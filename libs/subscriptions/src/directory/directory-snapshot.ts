import type { BellhopEvent } from '#libs/events';
import type { EventValidator } from '../event-types/event-schema.js';
import { EventDocument, type ParsedEvent } from '../filters/event-document.js';
import type { FilterCache } from '../filters/filter-cache.js';
import { withProfile } from '../filters/profile-filter.js';
import type { DirectoryRows, SecretRow, SubscriptionRow } from './directory-rows.js';
import { groupBy } from './group-by.js';
import type { SchemaCache } from './schema-cache.js';
import type { SecretCache } from './secret-cache.js';
import type { FilteredTargets } from './filtered-targets.js';
import type { Target } from './target.js';
import { TargetIndex } from './target-index.js';
import { voicesOf } from './voices.js';

/** What was worked out before, and is good for the next version too. */
export interface DirectoryCaches {
  readonly secrets: SecretCache;
  readonly schemas: SchemaCache;
  readonly filters: FilterCache;
}

/** The directory as of one version; never changed, only replaced. */
export class DirectorySnapshot {
  readonly version: string;
  private readonly targets: ReadonlyMap<string, Target>;
  private readonly indexes = new Map<string, TargetIndex>();
  /** Who wants the events that filters were asked about: intake asks twice, and payloads are parsed once. */
  private readonly decided = new WeakMap<BellhopEvent, readonly Target[]>();
  /** The schema's text, or null, of each type of each tenant. */
  private readonly schemas = new Map<string, Map<string, string | null>>();

  constructor(
    rows: DirectoryRows,
    private readonly caches: DirectoryCaches,
  ) {
    this.version = rows.version;
    const targets = targetsOf(rows, caches);
    this.targets = new Map(targets.map((target) => [target.id, target]));
    for (const [tenantId, own] of groupBy(targets, (target) => target.tenantId)) {
      this.indexes.set(tenantId, new TargetIndex(own));
    }
    for (const [tenantId, own] of groupBy(rows.eventTypes, (row) => row.tenant_id)) {
      this.schemas.set(tenantId, new Map(own.map(({ name, schema }) => [name, schema])));
    }
  }

  /** Of the targets that match an event's type, those whose filter it passes. */
  wanting(event: BellhopEvent, parsed?: ParsedEvent): readonly Target[] {
    const matched = this.indexes.get(event.tenantId)?.matched(event.type);
    if (matched === undefined) return [];
    if (matched.filtered === null) return matched.targets;
    return this.decide(matched.filtered, event, parsed);
  }

  private decide(filtered: FilteredTargets, event: BellhopEvent, parsed?: ParsedEvent): readonly Target[] {
    const known = this.decided.get(event);
    if (known) return known;
    const wanting = filtered.wanting(EventDocument.of(event, parsed));
    this.decided.set(event, wanting);
    return wanting;
  }

  target(subscriptionId: string): Target | undefined {
    return this.targets.get(subscriptionId);
  }

  knowsEventType(tenantId: string, type: string): boolean {
    return this.schemas.get(tenantId)?.has(type) ?? false;
  }

  schemaOf(tenantId: string, type: string): EventValidator | undefined {
    const text = this.schemas.get(tenantId)?.get(type);
    return text ? this.caches.schemas.validatorFor(text) : undefined;
  }
}

function targetsOf(rows: DirectoryRows, caches: DirectoryCaches): Target[] {
  const secrets = groupBy(rows.secrets, (row) => row.subscription_id);
  const targets = rows.subscriptions.map((row) => targetOf(row, secrets.get(row.id) ?? [], caches));
  caches.secrets.keepOnly(rows.secrets);
  caches.filters.keepOnly(rows.subscriptions.map(({ filter }) => filter));
  return targets;
}

function targetOf(row: SubscriptionRow, secrets: readonly SecretRow[], caches: DirectoryCaches): Target {
  const { dialect, present, isMute, voiceOf } = voicesOf(row, secrets, caches.secrets);
  const filter = row.filter === null ? null : caches.filters.filterOf(row.filter);
  return {
    id: row.id,
    tenantId: row.tenant_id,
    url: row.url,
    registeredUrl: row.registered_url ?? row.url,
    status: row.status,
    // Without a key nothing is ever sent.
    ...present,
    voiceOf,
    keysUnavailable: isMute,
    timeoutMs: row.timeout_ms,
    maxInFlight: row.max_in_flight ?? dialect?.transport.maxInFlight ?? null,
    rateLimitPerSecond: row.rate_limit_per_second,
    retry: row.retry,
    patterns: row.event_types,
    filter: withProfile(filter, present.dialect),
  };
}
