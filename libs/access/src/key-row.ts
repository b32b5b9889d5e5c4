import { newId } from '#libs/kernel';
import type { ApiKey } from './api-key.entity.js';
import { hashOfKey } from './key-text.js';
import type { Role } from './principal.js';

/** What a key is stored as, without its owner. */
export type KeyRow = Pick<ApiKey, 'id' | 'name' | 'role' | 'hash' | 'lastFour'>;

export function newKeyRow(key: string, { name, role }: { name: string; role: Role }): KeyRow {
  return { id: newId(), name, role, hash: hashOfKey(key), lastFour: key.slice(-4) };
}
