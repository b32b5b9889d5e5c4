import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SharedSecret } from '../entities/shared-secret.entity.js';
import { secretUnavailable } from '../subscriptions.errors.js';
import { SecretBox } from './secret-box.js';

/** A secret that a client may prove to know, and the key whose rights it has then. */
export interface KnownSecret {
  readonly secret: string;
  readonly apiKeyId: string;
}

/** One secret of a tenant for clients that never send it, and so must be known in plain here: encrypted at rest. */
@Injectable()
export class SharedSecrets {
  constructor(
    private readonly db: DataSource,
    private readonly box: SecretBox,
  ) {}

  /** Makes a new one, which ends the one before; this is the only time that it is shown. */
  async renew(tenantId: string, apiKeyId: string): Promise<string> {
    const secret = randomBytes(32).toString('base64url');
    const row = { tenantId, apiKeyId, ...this.box.seal(secret, tenantId), createdAt: () => 'now()' };
    await this.db.manager.upsert(SharedSecret, row, ['tenantId']);
    return secret;
  }

  async remove(tenantId: string): Promise<void> {
    await this.db.manager.delete(SharedSecret, { tenantId });
  }

  /** Null if the tenant has none; throws `signing_key_unavailable`. */
  async of(tenantId: string): Promise<KnownSecret | null> {
    const row = await this.db.manager.findOneBy(SharedSecret, { tenantId });
    if (!row) return null;
    try {
      return { secret: this.box.open(row, tenantId), apiKeyId: row.apiKeyId };
    } catch (error) {
      throw secretUnavailable(error);
    }
  }
}
