import type { Database } from '#libs/database';
import type { AddOnName, EnvelopeName, Framing, ProfileChoice } from '#libs/signing';
import type { RetrySettings } from './target.js';

/** How a subscription was spoken to, up to the delivery of this id. */
export interface EarlierChoice extends ProfileChoice {
  readonly upTo: string;
}

export interface SubscriptionRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly url: string;
  readonly registered_url: string | null;
  readonly event_types: string[];
  readonly profile: string;
  readonly profile_config: Record<string, unknown>;
  readonly signers: AddOnName[];
  readonly envelope: EnvelopeName | null;
  readonly framing: Framing | null;
  /** Oldest first. */
  readonly earlier_choices: readonly EarlierChoice[];
  readonly status: 'active' | 'paused';
  readonly headers: Record<string, string>;
  readonly retry: RetrySettings | null;
  readonly timeout_ms: number;
  readonly max_in_flight: number | null;
  readonly rate_limit_per_second: number | null;
  /** JSON text. */
  readonly filter: string | null;
}

export interface SecretRow {
  readonly id: string;
  readonly subscription_id: string;
  readonly ciphertext: Buffer;
  readonly key_id: string;
  readonly valid_until: Date | null;
}

export interface EventTypeRow {
  readonly tenant_id: string;
  readonly name: string;
  /** JSON text; parsed when it is first needed. */
  readonly schema: string | null;
}

/** Everything that the directory is made of, as of one version. */
export interface DirectoryRows {
  readonly version: string;
  readonly subscriptions: readonly SubscriptionRow[];
  /** Newest first. */
  readonly secrets: readonly SecretRow[];
  readonly eventTypes: readonly EventTypeRow[];
}

/** Reads the directory in one snapshot: rows and version belong together even while others change them. */
export async function readDirectory(database: Database): Promise<DirectoryRows> {
  return database.transaction(async (client) => {
    await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const [row] = await client.query<{ version: string }>('SELECT version::text FROM directory_version');
    if (!row) throw new Error('directory_version is empty');
    return {
      version: row.version,
      subscriptions: await client.query<SubscriptionRow>(SUBSCRIPTIONS),
      secrets: await client.query<SecretRow>(SECRETS),
      eventTypes: await client.query<EventTypeRow>(EVENT_TYPES),
    };
  });
}

export async function readDirectoryVersion(database: Database): Promise<string> {
  const [row] = await database.query<{ version: string }>('SELECT version::text FROM directory_version');
  return row?.version ?? '';
}

const SUBSCRIPTIONS = `
SELECT id, tenant_id, url, registered_url, event_types, profile, profile_config, signers, envelope, framing, earlier_choices,
  status, headers, retry, timeout_ms, max_in_flight, rate_limit_per_second, filter::text AS filter
FROM subscription
WHERE deleted_at IS NULL AND status IN ('active', 'paused') AND (lease_until IS NULL OR lease_until > now())`;

const SECRETS = `
SELECT s.id, s.subscription_id, s.ciphertext, s.key_id, s.valid_until
FROM subscription_secret s
JOIN subscription p ON p.id = s.subscription_id AND p.deleted_at IS NULL AND p.status IN ('active', 'paused')
WHERE s.valid_until IS NULL OR s.valid_until > now()
ORDER BY s.created_at DESC, s.id DESC`;

const EVENT_TYPES = `SELECT tenant_id, name, schema::text AS schema FROM event_type WHERE archived_at IS NULL`;
