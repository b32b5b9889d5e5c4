import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, LessThan, Repository, type SelectQueryBuilder } from 'typeorm';
import { ApiKey } from './api-key.entity.js';
import { hashTextOfKey, isCanonicalKey } from './key-text.js';
import type { Principal } from './principal.js';

/** How long an answer is reused: a revoked key stops working on every node within this time. */
const CACHED_MS = 1_000;
const USED_NOTE_MS = 60_000;
/** Entries kept at once; a flood of wrong keys must not fill the memory. */
const MAX_CACHED = 10_000;

interface CachedAnswer {
  readonly answer: Promise<Principal | null>;
  readonly until: number;
}

/** Tells who holds a key. Right and wrong keys go the same way: hash, cache, one look into an index of hashes. */
@Injectable()
export class Authenticator {
  private readonly logger = new Logger(Authenticator.name);
  private readonly cache = new Map<string, CachedAnswer>();

  constructor(@InjectRepository(ApiKey) private readonly keys: Repository<ApiKey>) {}

  /** The principal of a key; null for one that is unknown, revoked or expired. */
  authenticate(key: string): Promise<Principal | null> {
    const hash = hashTextOfKey(key);
    const cached = this.cache.get(hash);
    if (cached && cached.until > performance.now()) return cached.answer;
    const answer = this.lookUp(Buffer.from(hash, 'base64'), isCanonicalKey(key));
    this.remember(hash, answer);
    return answer;
  }

  /** The principal of the key with this id, for what was proven with the key before; null as above. */
  async holderOf(keyId: string): Promise<Principal | null> {
    const row = await this.liveKeys().andWhere('key.id = :keyId', { keyId }).getOne();
    return row && { keyId: row.id, tenantId: row.tenantId, role: row.role };
  }

  /** This node need not wait until its answers are old. */
  forgetAll(): void {
    this.cache.clear();
  }

  private remember(hash: string, answer: Promise<Principal | null>): void {
    if (this.cache.size >= MAX_CACHED) this.cache.clear();
    this.cache.set(hash, { answer, until: performance.now() + CACHED_MS });
    // The database being away is no verdict about the key.
    answer.catch(() => this.cache.delete(hash));
  }

  private async lookUp(hash: Buffer, isCanonical: boolean): Promise<Principal | null> {
    const row = await this.liveKeys().andWhere('key.hash = :hash', { hash }).getOne();
    if (!row || !isCanonical) return null;
    this.noteUse(row);
    return { keyId: row.id, tenantId: row.tenantId, role: row.role };
  }

  private liveKeys(): SelectQueryBuilder<ApiKey> {
    return this.keys
      .createQueryBuilder('key')
      .where('key.revokedAt IS NULL AND (key.expiresAt IS NULL OR key.expiresAt > now())');
  }

  /** Not awaited: a request does not fail because nobody could write down that it came. */
  private noteUse({ id, lastUsedAt }: ApiKey): void {
    const before = new Date(Date.now() - USED_NOTE_MS);
    if (lastUsedAt && lastUsedAt > before) return;
    const stale = [
      { id, lastUsedAt: IsNull() },
      { id, lastUsedAt: LessThan(before) },
    ];
    this.keys
      .update(stale, { lastUsedAt: () => 'now()' })
      .catch((error: unknown) => this.logger.warn(`The use of a key could not be noted: ${String(error)}`));
  }
}
