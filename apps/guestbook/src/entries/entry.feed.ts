import { Injectable, Logger, type MessageEvent, type OnModuleInit } from '@nestjs/common';
import { from, mergeMap, type Observable } from 'rxjs';
import { Database } from '#libs/database';
import { fromTypeId, toTypeId } from '#libs/kernel';
import { LiveFeed } from '#libs/web-pages';
import { EntriesService, ENTRY_CHANNEL, type EntryNotice } from './entries.service.js';
import { toEntryDto } from './entry.dto.js';
import type { Entry } from './entry.entity.js';

/** Beyond this a page is told to read the list again instead of getting entry by entry. */
const MAX_MISSED = 100;

/** Shows every entry that comes or goes, in whatever process, on all open pages of this one. */
@Injectable()
export class EntryFeed implements OnModuleInit {
  private readonly logger = new Logger(EntryFeed.name);
  private pending: Promise<void> = Promise.resolve();
  private newestId = '';

  constructor(
    private readonly database: Database,
    private readonly entries: EntriesService,
    private readonly feed: LiveFeed,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.database.listen(ENTRY_CHANNEL, (payload) => this.enqueue(payload));
  }

  /** A page's stream. `since` is the entry (`ent_…`) that it saw last; whatever is no such id means none. */
  stream(since: string | undefined): Observable<MessageEvent> {
    const uuid = since === undefined ? null : fromTypeId('ent', since);
    return uuid === null ? this.feed.stream() : this.feed.stream(this.missed(uuid));
  }

  private missed(uuid: string): Observable<MessageEvent> {
    const rows = this.entries.since(uuid, MAX_MISSED);
    return from(rows).pipe(
      mergeMap((entries) => (entries.length < MAX_MISSED ? entries.map(asCreated) : [this.refresh()])),
    );
  }

  /** One after the other, so that pages see entries in the order of their commits. */
  private enqueue(payload: string): void {
    if (!this.feed.hasListeners) return;
    this.pending = this.pending.then(() => this.tell(payload));
  }

  private async tell(payload: string): Promise<void> {
    try {
      this.feed.send(await this.messageFor(payload));
    } catch (error) {
      this.logger.warn(`An entry could not be read for the open pages: ${String(error)}`);
      this.feed.send(this.refresh());
    }
  }

  private async messageFor(payload: string): Promise<MessageEvent> {
    // After a lost connection to the database nobody knows what was missed.
    if (payload === '') return this.refresh();
    const notice = JSON.parse(payload) as EntryNotice;
    if (notice.kind === 'deleted') return this.deleted(notice.id);
    const entry = await this.entries.find(notice.id);
    if (entry === null) return this.deleted(notice.id);
    this.newestId = toTypeId('ent', entry.id);
    return asCreated(entry);
  }

  /** Carries the newest entry's id: the browser sends the last id that it saw, and a removed entry is no place to go on from. */
  private deleted(uuid: string): MessageEvent {
    return { type: 'entry.deleted', id: this.newestId, data: { id: toTypeId('ent', uuid) } };
  }

  private refresh(): MessageEvent {
    return { type: 'refresh', id: this.newestId, data: {} };
  }
}

function asCreated(entry: Entry): MessageEvent {
  return { type: 'entry.created', id: toTypeId('ent', entry.id), data: toEntryDto(entry) };
}
