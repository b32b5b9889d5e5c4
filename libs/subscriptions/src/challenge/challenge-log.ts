import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, LessThan, MoreThan } from 'typeorm';
import { AppConfig } from '#libs/config';
import { AppError, decodeCursor, newId, type Page, pageOf } from '#libs/kernel';
import type { HandshakeName } from '#libs/signing';
import type { Caller, Owned } from '../caller.js';
import { type ChallengePurpose, ChallengeRecord } from '../entities/challenge.entity.js';
import { isLoopbackHost } from '../rules/loopback.js';
import type { PageRequest } from '../subscription-store.js';

interface Limit {
  readonly column: 'api_key_id' | 'target_host';
  readonly value: string;
  readonly count: number;
  readonly seconds: number;
}

const PER_KEY = { column: 'api_key_id', count: 5, seconds: 60 } as const;
const PER_HOST = { column: 'target_host', count: 20, seconds: 3_600 } as const;

export interface PlannedChallenge {
  readonly caller: Caller;
  readonly subscriptionId: string;
  readonly url: string;
  readonly handshake: HandshakeName;
  /** Left out: consent. */
  readonly purpose?: ChallengePurpose;
  /** The receiver may also consent later; it gets a token for that. */
  readonly takesLateConsent?: boolean;
  /** Its receiver has consented before: a further request is what it asked for, and no limit holds it up. */
  readonly isKnown?: boolean;
}

export interface OpenedChallenge {
  readonly id: string;
  /** Only its hash is kept. */
  readonly callbackToken: string | null;
}

/** What became of a challenge. */
export type ClosedChallenge = Pick<ChallengeRecord, 'outcome' | 'steps' | 'transcript'>;

/** As long as a person may take to find the callback in a log. */
const CALLBACK_HOURS = 24;

/**
 * The table of challenges: what became of each, and how many more may be made. Creating a subscription makes us call
 * a URL; without limits that would be a way to have us call somebody's server again and again.
 */
@Injectable()
export class ChallengeLog {
  constructor(
    private readonly db: DataSource,
    private readonly config: AppConfig,
  ) {}

  /** Writes the challenge down before it is made, or throws `challenge_rate_limited`. Counts over all processes. */
  async open(challenge: PlannedChallenge): Promise<OpenedChallenge> {
    const { caller, subscriptionId, url, handshake, purpose = 'consent' } = challenge;
    const id = newId();
    const targetHost = new URL(url).hostname;
    const limits = challenge.isKnown === true ? [] : this.limitsOf(caller.keyId, targetHost);
    const callbackToken = challenge.takesLateConsent === true ? randomBytes(24).toString('base64url') : null;
    await this.db.transaction(async (tx) => {
      for (const limit of limits) await refuseOver(tx, limit);
      // `failed` until it is known better: a process that dies on the way leaves the truth behind.
      const row = { id, tenantId: caller.tenantId, subscriptionId, apiKeyId: caller.keyId, url, targetHost };
      const late = callbackToken === null ? {} : lateConsent(callbackToken);
      await tx.insert(ChallengeRecord, { ...row, ...late, handshake, purpose, outcome: 'failed', steps: [] });
    });
    return { id, callbackToken };
  }

  async close(id: string, { outcome, steps, transcript }: ClosedChallenge): Promise<void> {
    const isOver = outcome !== 'waiting';
    const late = isOver ? { callbackHash: null, callbackUntil: null } : {};
    await this.db.manager.update(ChallengeRecord, { id }, { outcome, steps, transcript, ...late });
  }

  /** Uses up the token of a late consent; null if there is no such token, or no longer. */
  async redeem(token: string): Promise<ChallengeRecord | null> {
    const found = { callbackHash: hashOf(token), callbackUntil: MoreThan(new Date()) };
    const record = await this.db.manager.findOneBy(ChallengeRecord, found);
    if (!record) return null;
    const used = { outcome: 'passed' as const, callbackHash: null, callbackUntil: null };
    const { affected } = await this.db.manager.update(ChallengeRecord, { id: record.id, ...found }, used);
    return affected === 1 ? record : null;
  }

  /** The challenges of one subscription, the latest first. */
  async list({ tenantId, id, limit, cursor }: Owned & PageRequest): Promise<Page<ChallengeRecord>> {
    const before = cursor === undefined ? {} : { id: LessThan(decodeCursor(cursor)) };
    const rows = await this.db.manager.find(ChallengeRecord, {
      where: { tenantId, subscriptionId: id, ...before },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    return pageOf(rows, limit);
  }

  /** A receiver on one's own machine may be tried as often as one likes while developing it. */
  private limitsOf(keyId: string | null, targetHost: string): Limit[] {
    if (this.config.egress.allowLoopback && isLoopbackHost(targetHost)) return [];
    return [...(keyId === null ? [] : [{ ...PER_KEY, value: keyId }]), { ...PER_HOST, value: targetHost }];
  }
}

function lateConsent(token: string): { callbackHash: string; callbackUntil: () => string } {
  return { callbackHash: hashOf(token), callbackUntil: () => `now() + interval '${CALLBACK_HOURS} hours'` };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The lock makes those who count the same thing take turns; without it, requests at the same time see room for all. */
async function refuseOver(tx: EntityManager, { column, value, count, seconds }: Limit): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`challenge ${column} ${value}`]);
  const [row] = await tx.query<{ used: number; wait: number | null }[]>(
    `SELECT count(*)::int AS used,
       ceil(extract(epoch FROM (array_agg(started_at ORDER BY started_at DESC))[$3] - now()) + $2)::int AS wait
     FROM challenge WHERE ${column} = $1 AND started_at > now() - make_interval(secs => $2)`,
    [value, seconds, count],
  );
  if (!row || row.used < count) return;
  const scope = column === 'api_key_id' ? 'this API key' : 'this host';
  const message = `Too many challenges for ${scope}: at most ${count} in ${seconds === 60 ? 'a minute' : 'an hour'}.`;
  throw new AppError('rate_limited', 'challenge_rate_limited', message, {
    retryAfterSeconds: Math.max(1, row.wait ?? seconds),
  });
}
