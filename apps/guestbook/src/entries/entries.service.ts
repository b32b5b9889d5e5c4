import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, LessThan, MoreThan } from 'typeorm';
import { entryCreated, entryDeleted, type GuestbookEntry } from '#libs/events';
import { AppError, fromTypeId, newId, type Page, pageOf, toTypeId } from '#libs/kernel';
import { Publisher } from '#libs/outbox';
import type { EntryText } from './entry-text.js';
import { Entry } from './entry.entity.js';

/** Tells every process that serves pages which entry came or went; the payload is a `EntryNotice`. */
export const ENTRY_CHANNEL = 'guestbook_entry';

export interface EntryNotice {
  readonly kind: 'created' | 'deleted';
  /** UUID */
  readonly id: string;
}

@Injectable()
export class EntriesService {
  constructor(
    private readonly source: DataSource,
    private readonly publisher: Publisher,
  ) {}

  /** Stores the entry and its event in one transaction, so that neither can exist without the other. */
  async sign(text: EntryText): Promise<Entry> {
    const entry: Entry = { id: newId(), ...text, createdAt: new Date() };
    await this.source.transaction(async (tx) => {
      await tx.insert(Entry, entry);
      await this.publisher.publish(tx, entryCreated(asSubscribersSee(entry)));
      await notify(tx, { kind: 'created', id: entry.id });
    });
    return entry;
  }

  /** Removes an entry (`ent_…`) and says so to subscribers, in one transaction; false if there is none. */
  async remove(id: string): Promise<boolean> {
    const uuid = fromTypeId('ent', id);
    if (uuid === null) return false;
    return this.source.transaction(async (tx) => {
      const entry = await tx.findOne(Entry, { where: { id: uuid }, lock: { mode: 'pessimistic_write' } });
      if (entry === null) return false;
      await tx.delete(Entry, { id: uuid });
      await this.publisher.publish(tx, entryDeleted(asSubscribersSee(entry), new Date()));
      await notify(tx, { kind: 'deleted', id: uuid });
      return true;
    });
  }

  /** Newest first. `before` is the UUID of the last entry of the page before. */
  async list(limit: number, before: string | null): Promise<Page<Entry>> {
    const where = before === null ? {} : { id: LessThan(before) };
    const rows = await this.source.manager.find(Entry, { where, order: { id: 'DESC' }, take: limit + 1 });
    return pageOf(rows, limit);
  }

  /** The entries after one that a page has already, oldest first. */
  async since(uuid: string, limit: number): Promise<Entry[]> {
    return this.source.manager.find(Entry, {
      where: { id: MoreThan(uuid) },
      order: { id: 'ASC' },
      take: limit,
    });
  }

  async find(uuid: string): Promise<Entry | null> {
    return this.source.manager.findOneBy(Entry, { id: uuid });
  }
}

/** The fault of naming an entry that is not there. */
export function entryNotFound(): AppError {
  return new AppError('not_found', 'entry_not_found', 'There is no such entry; it may have been removed.');
}

function asSubscribersSee({ id, name, message, createdAt }: Entry): GuestbookEntry {
  return { id: toTypeId('ent', id), name, message, createdAt };
}

async function notify(tx: EntityManager, notice: EntryNotice): Promise<void> {
  await tx.query('SELECT pg_notify($1, $2)', [ENTRY_CHANNEL, JSON.stringify(notice)]);
}
