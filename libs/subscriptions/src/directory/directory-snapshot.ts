import type { EventValidator } from '../event-types/event-schema.js';
import type { DirectoryRows, SecretRow, SubscriptionRow } from './directory-rows.js';
import { groupBy } from './group-by.js';
import type { SchemaCache } from './schema-cache.js';
import type { SecretCache } from './secret-cache.js';
import { keySelector, type LiveKey, type Target } from './target.js';
import { TargetIndex } from './target-index.js';

/** The directory as of one version; never changed, only replaced. */
export class DirectorySnapshot {
  readonly version: string;
  private readonly targets: ReadonlyMap<string, Target>;
  private readonly indexes = new Map<string, TargetIndex>();
  /** The schema's text, or null, of each type of each tenant. */
  private readonly schemas = new Map<string, Map<string, string | null>>();

  constructor(
    rows: DirectoryRows,
    secrets: SecretCache,
    private readonly validators: SchemaCache,
  ) {
    this.version = rows.version;
    const targets = targetsOf(rows, secrets);
    this.targets = new Map(targets.map((target) => [target.id, target]));
    for (const [tenantId, own] of groupBy(targets, (target) => target.tenantId)) {
      this.indexes.set(tenantId, new TargetIndex(own));
    }
    for (const [tenantId, own] of groupBy(rows.eventTypes, (row) => row.tenant_id)) {
      this.schemas.set(tenantId, new Map(own.map(({ name, schema }) => [name, schema])));
    }
  }

  matching(tenantId: string, type: string): readonly Target[] {
    return this.indexes.get(tenantId)?.matching(type) ?? [];
  }

  target(subscriptionId: string): Target | undefined {
    return this.targets.get(subscriptionId);
  }

  knowsEventType(tenantId: string, type: string): boolean {
    return this.schemas.get(tenantId)?.has(type) ?? false;
  }

  schemaOf(tenantId: string, type: string): EventValidator | undefined {
    const text = this.schemas.get(tenantId)?.get(type);
    return text ? this.validators.validatorFor(text) : undefined;
  }
}

function targetsOf(rows: DirectoryRows, cache: SecretCache): Target[] {
  const secrets = groupBy(rows.secrets, (row) => row.subscription_id);
  const targets = rows.subscriptions.map((row) => targetOf(row, secrets.get(row.id) ?? [], cache));
  cache.keepOnly(rows.secrets);
  return targets;
}

function targetOf(row: SubscriptionRow, secrets: readonly SecretRow[], cache: SecretCache): Target {
  const live = secrets.flatMap((secret): LiveKey[] => {
    const key = cache.keyOf(secret, row.profile);
    return key ? [{ key, validUntilMs: secret.valid_until?.getTime() ?? Infinity }] : [];
  });
  return {
    id: row.id,
    tenantId: row.tenant_id,
    url: row.url,
    status: row.status,
    profile: row.profile,
    keys: keySelector(live),
    keysUnavailable: live.length === 0,
    headers: row.headers,
    timeoutMs: row.timeout_ms,
    maxInFlight: row.max_in_flight,
    rateLimitPerSecond: row.rate_limit_per_second,
    retry: row.retry,
    patterns: row.event_types,
  };
}
