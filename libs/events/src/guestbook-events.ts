import type { NewEvent } from './event.js';

export const GUESTBOOK_EVENT_TYPES = ['guestbook.entry.created', 'guestbook.entry.deleted'] as const;

/** An entry as subscribers see it. */
export interface GuestbookEntry {
  readonly id: string;
  readonly name: string;
  readonly message: string;
  readonly createdAt: Date;
}

/** Somebody signed the guestbook. */
export function entryCreated(entry: GuestbookEntry): NewEvent {
  return guestbookEvent('guestbook.entry.created', entry, entry.createdAt);
}

/** An entry was removed from the guestbook; carries the entry as it was. */
export function entryDeleted(entry: GuestbookEntry, at: Date): NewEvent {
  return guestbookEvent('guestbook.entry.deleted', entry, at);
}

function guestbookEvent(type: string, entry: GuestbookEntry, timestamp: Date): NewEvent {
  const { id, name, message, createdAt } = entry;
  return { type, subject: id, timestamp, data: { id, name, message, createdAt: createdAt.toISOString() } };
}
