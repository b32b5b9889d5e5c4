import { toTypeId } from '#libs/kernel';
import type { Entry } from './entry.entity.js';

/** An entry as the guestbook's JSON shows it. */
export interface EntryDto {
  readonly id: string;
  readonly name: string;
  readonly message: string;
  readonly createdAt: string;
}

export function toEntryDto(entry: Entry): EntryDto {
  const { name, message } = entry;
  return { id: toTypeId('ent', entry.id), name, message, createdAt: entry.createdAt.toISOString() };
}
