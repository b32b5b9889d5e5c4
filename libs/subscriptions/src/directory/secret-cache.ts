import { Logger } from '@nestjs/common';
import { profileNamed } from '#libs/signing';
import type { SecretBox } from '../secrets/secret-box.js';
import type { SecretRow } from './directory-rows.js';

/** A key as one profile reads the secret; null if nobody can. */
interface ReadKey {
  readonly profile: string;
  readonly key: Buffer | null;
}

/** Decrypted keys by secret row: each is decrypted once, and one that cannot be is reported once. */
export class SecretCache {
  private readonly logger = new Logger('SubscriptionDirectory');
  private keys = new Map<string, ReadKey>();

  constructor(private readonly box: SecretBox) {}

  /** The key of a row, or null if it cannot be read. */
  keyOf(row: SecretRow, profile: string): Buffer | null {
    const known = this.keys.get(row.id);
    if (known?.profile === profile) return known.key;
    const key = this.read(row, profile);
    this.keys.set(row.id, { profile, key });
    return key;
  }

  /** Forgets the keys of rows that are gone. */
  keepOnly(rows: readonly SecretRow[]): void {
    const kept = new Map<string, ReadKey>();
    for (const { id } of rows) {
      const known = this.keys.get(id);
      if (known) kept.set(id, known);
    }
    this.keys = kept;
  }

  private read(row: SecretRow, profile: string): Buffer | null {
    try {
      const secret = this.box.open({ ciphertext: row.ciphertext, keyId: row.key_id }, row.subscription_id);
      return profileNamed(profile).secret.parse(secret);
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown fault';
      this.logger.error(`A secret of subscription ${row.subscription_id} cannot be used: ${reason}`);
      return null;
    }
  }
}
