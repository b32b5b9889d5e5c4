import { Logger } from '@nestjs/common';
import type { SecretFormat } from '#libs/signing';
import type { SecretBox } from '../secrets/secret-box.js';
import type { SecretRow } from './directory-rows.js';

/** A secret as each format reads it; null if nobody can. Formats may be made anew with every change of the directory. */
type ReadKeys = WeakMap<SecretFormat, Buffer | null>;

/** Decrypted keys by secret row: each is decrypted once, and one that cannot be is reported once. */
export class SecretCache {
  private readonly logger = new Logger('SubscriptionDirectory');
  private keys = new Map<string, ReadKeys>();

  constructor(private readonly box: SecretBox) {}

  /** The key of a row, or null if it cannot be read. */
  keyOf(row: SecretRow, format: SecretFormat): Buffer | null {
    const known: ReadKeys = this.keys.get(row.id) ?? new WeakMap();
    this.keys.set(row.id, known);
    const read = known.get(format);
    if (read !== undefined) return read;
    const key = this.read(row, format);
    known.set(format, key);
    return key;
  }

  /** Forgets the keys of rows that are gone. */
  keepOnly(rows: readonly SecretRow[]): void {
    const kept = new Map<string, ReadKeys>();
    for (const { id } of rows) {
      const known = this.keys.get(id);
      if (known) kept.set(id, known);
    }
    this.keys = kept;
  }

  private read(row: SecretRow, format: SecretFormat): Buffer | null {
    try {
      const secret = this.box.open({ ciphertext: row.ciphertext, keyId: row.key_id }, row.subscription_id);
      return format.parse(secret);
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown fault';
      this.logger.error(`A secret of subscription ${row.subscription_id} cannot be used: ${reason}`);
      return null;
    }
  }
}
