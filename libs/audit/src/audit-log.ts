import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { decodeCursor, newId, type Page, pageOf } from '#libs/kernel';

/** A change that is about to be made. */
export interface AuditEntry {
  readonly actorKeyId: string;
  readonly tenantId: string | null;
  readonly operation: string;
  readonly path: string;
  readonly fields: readonly string[];
  readonly requestId: string;
}

/** An entry as it is read; ids are UUIDs, but for the object's. */
export interface ShownAuditEntry extends Omit<AuditEntry, 'actorKeyId' | 'requestId'> {
  readonly id: string;
  readonly at: Date;
  readonly actorKeyId: string | null;
  readonly requestId: string | null;
  readonly objectId: string | null;
  readonly outcome: string | null;
  readonly reason: string | null;
}

export interface AuditFilter {
  readonly tenantId?: string | undefined;
  readonly actorKeyId?: string | undefined;
  readonly operation?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const BEGIN = `
INSERT INTO audit_log (id, actor_key_id, tenant_id, operation, path, fields, request_id) VALUES ($1, $2, $3, $4, $5, $6, $7)`;

const END = 'UPDATE audit_log SET outcome = $2, object_id = $3 WHERE id = $1';

const LIST = `
SELECT id, at, actor_key_id AS "actorKeyId", tenant_id AS "tenantId", operation, path, object_id AS "objectId", fields,
  request_id AS "requestId", outcome, reason
FROM audit_log
WHERE ($1::uuid IS NULL OR tenant_id = $1) AND ($2::uuid IS NULL OR actor_key_id = $2)
  AND ($3::text IS NULL OR operation = $3) AND ($4::uuid IS NULL OR id < $4)
ORDER BY id DESC LIMIT $5`;

/**
 * Every change that was asked for. An entry is written before the change and completed after it: a change without an
 * entry cannot be, and an entry without an outcome shows a process that died in between.
 */
@Injectable()
export class AuditLog {
  constructor(private readonly database: Database) {}

  /** Gives the id of the entry. Rejects when it cannot be written; then the change is not to be made. */
  async begin({ actorKeyId, tenantId, operation, path, fields, requestId }: AuditEntry): Promise<string> {
    const id = newId();
    await this.database.query(BEGIN, [id, actorKeyId, tenantId, operation, path, fields, requestId]);
    return id;
  }

  async end(id: string, outcome: string, objectId: string | null = null): Promise<void> {
    await this.database.query(END, [id, outcome, objectId]);
  }

  /** Newest first. */
  async list({
    tenantId,
    actorKeyId,
    operation,
    limit,
    cursor,
  }: AuditFilter): Promise<Page<ShownAuditEntry>> {
    const before = cursor === undefined ? null : decodeCursor(cursor);
    const values = [tenantId ?? null, actorKeyId ?? null, operation ?? null, before, limit + 1];
    return pageOf(await this.database.query<ShownAuditEntry>(LIST, values), limit);
  }
}
