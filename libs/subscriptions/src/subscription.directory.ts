import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Database } from '#libs/database';
import type { BellhopEvent } from '#libs/events';
import { SingleFlight } from '#libs/kernel';
import { readDirectory, readDirectoryVersion } from './directory/directory-rows.js';
import { type DirectoryCaches, DirectorySnapshot } from './directory/directory-snapshot.js';
import { SchemaCache } from './directory/schema-cache.js';
import { SecretCache } from './directory/secret-cache.js';
import type { Target } from './directory/target.js';
import type { EventValidator } from './event-types/event-schema.js';
import type { ParsedEvent } from './filters/event-document.js';
import { FilterCache } from './filters/filter-cache.js';
import { SecretBox } from './secrets/secret-box.js';

/** Notifications may be lost; a version that moved is noticed within this time anyway. */
const POLL_MS = 5_000;

/**
 * Who wants what, in memory. Whoever must not miss a change compares `version` with the database inside its own
 * transaction and refreshes; everyone else sees changes within milliseconds by notification.
 */
@Injectable()
export class SubscriptionDirectory implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(SubscriptionDirectory.name);
  private readonly caches: DirectoryCaches;
  private readonly loading = new SingleFlight(() => this.load());
  private snapshot: DirectorySnapshot;
  private poll: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(
    private readonly database: Database,
    box: SecretBox,
  ) {
    this.caches = { secrets: new SecretCache(box), schemas: new SchemaCache(), filters: new FilterCache() };
    const empty = { version: '', subscriptions: [], secrets: [], eventTypes: [] };
    this.snapshot = new DirectorySnapshot(empty, this.caches);
  }

  async onModuleInit(): Promise<void> {
    await this.database.listen('bellhop_directory', () => this.refreshInBackground());
    await this.refresh();
    this.poll = setInterval(() => void this.pollVersion(), POLL_MS);
    this.poll.unref();
  }

  onModuleDestroy(): void {
    this.isStopping = true;
    clearInterval(this.poll);
  }

  /** Equals `directory_version.version` of the snapshot that the answers come from. */
  get version(): string {
    return this.snapshot.version;
  }

  /** The active and paused targets that want this event: its type, and its filter passes; `parsed` is the event as somebody parsed it already, if so. */
  wanting(event: BellhopEvent, parsed?: ParsedEvent): readonly Target[] {
    return this.snapshot.wanting(event, parsed);
  }

  /** The target of an active or paused subscription; undefined for all others. */
  target(subscriptionId: string): Target | undefined {
    return this.snapshot.target(subscriptionId);
  }

  knowsEventType(tenantId: string, type: string): boolean {
    return this.snapshot.knowsEventType(tenantId, type);
  }

  /** Checks an event's data; undefined if the type has no schema. */
  schemaOf(tenantId: string, type: string): EventValidator | undefined {
    return this.snapshot.schemaOf(tenantId, type);
  }

  /** Resolves when everything committed before the call is in the answers. Calls at the same time share one load. */
  refresh(): Promise<void> {
    return this.loading.run();
  }

  private async load(): Promise<void> {
    this.snapshot = new DirectorySnapshot(await readDirectory(this.database), this.caches);
  }

  /** As `refresh`, but one small query if nothing has changed: for whoever meets a subscription it does not know. */
  async catchUp(): Promise<void> {
    if ((await readDirectoryVersion(this.database)) !== this.version) await this.refresh();
  }

  private async pollVersion(): Promise<void> {
    try {
      await this.catchUp();
    } catch (error) {
      this.logger.warn(`The directory's version cannot be read now: ${String(error)}`);
    }
  }

  private refreshInBackground(): void {
    if (this.isStopping) return;
    this.refresh().catch((error: unknown) =>
      this.logger.warn(`The directory cannot be read now: ${String(error)}`),
    );
  }
}
