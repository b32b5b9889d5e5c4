import { setTimeout as pause } from 'node:timers/promises';
import type { BenchCase, BenchContext, CaseResult, Platform } from '../../case.js';
import { Histogram } from '../../measure/histogram.js';
import { HISTORY_TYPES, writeHistory } from './history.js';
import { type PageKind, pageKinds } from './history-pages.js';
import { forgetPages } from './page-cache.js';

const FULL = { deliveries: 5_000_000, days: 10 } as const;
const QUICK = { deliveries: 200_000, days: 10 } as const;
const PAGES_OF_EACH_KIND = 25;
/** A process that has answered nothing yet compiles while it answers. */
const WARMING_PAGES = 5;
const DROPPED_DAYS = 6;
const DROP_TRIES = 40;
const LOCK_NOT_AVAILABLE = '55P03';
const LOOK = 'SELECT FROM delivery_attempt LIMIT 0';

/** Ten million attempts: how long any page of the log takes, and how long it takes to let go of a day. */
export const logAtScale: BenchCase = {
  name: 'log-at-scale',
  title: '10,000,000 attempts in the log',
  modes: ['embedded'],
  figures: ['historyPageP95', 'retentionMs'],
  run: measure,
};

async function measure(context: BenchContext): Promise<CaseResult> {
  const platform = await context.createPlatform();
  const startedAt = performance.now();
  await writeHistory(platform, context.isQuick ? QUICK : FULL);
  const fillSeconds = Math.round((performance.now() - startedAt) / 1000);
  context.note(`wrote the history in ${fillSeconds} s`);
  await platform.start();
  const kinds = await pageKinds(platform);
  for (const kind of kinds) await timesOf(platform, kind, WARMING_PAGES);
  const all = new Histogram();
  const pages: Record<string, { readonly p50: number; readonly p95: number; readonly max: number }> = {};
  for (const kind of kinds) {
    const times = await timesOf(platform, kind, PAGES_OF_EACH_KIND);
    all.add(times);
    pages[kind.name] = { p50: msOf(times, 0.5), p95: msOf(times, 0.95), max: msOf(times, 1) };
  }
  const rareSearch = await searchToTheEnd(platform);
  await platform.stop();
  const dropped = await dropDays(platform);
  const aged = dropped.filter(({ isCached }) => !isCached);
  return {
    figures: {
      historyPageP95: [msOf(all, 0.95)],
      retentionMs: (aged.length > 0 ? aged : dropped).map(({ ms }) => ms),
    },
    detail: { fillSeconds, pages, rareSearch, dropped },
  };
}

function msOf(times: Histogram, share: number): number {
  return Math.round(times.percentile(share)) / 1000;
}

async function timesOf(platform: Platform, kind: PageKind, pages: number): Promise<Histogram> {
  const times = new Histogram();
  for (let n = 0; n < pages; n += 1) {
    const startedAt = performance.now();
    await platform.api('GET', kind.path(n));
    times.record((performance.now() - startedAt) * 1000);
  }
  return times;
}

interface Page {
  readonly data: readonly unknown[];
  readonly nextCursor: string | null;
}

/** No index leads to a type: what it takes to find all deliveries of the rarest one among the tenant's two millions. */
async function searchToTheEnd(platform: Platform): Promise<object> {
  const startedAt = performance.now();
  let pages = 0;
  let found = 0;
  let cursor: string | null = '';
  while (cursor !== null) {
    const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const path = `/v1/deliveries?limit=50&eventType=${HISTORY_TYPES.rare}${after}`;
    const page: Page = await platform.api<Page>('GET', path);
    pages += 1;
    found += page.data.length;
    cursor = page.nextCursor;
  }
  return { pages, found, seconds: Math.round(performance.now() - startedAt) / 1000 };
}

interface Dropped {
  readonly rows: number;
  readonly mb: number;
  /** Its pages were still in memory, which the system has to free then. */
  readonly isCached: boolean;
  /** Of the whole statement. */
  readonly ms: number;
  /** The longest that somebody who looked at the log at the same time had to wait. */
  readonly waitMs: number;
}

/**
 * Days of the middle, oldest first, after a checkpoint as there is one before any day is a month old. Every other one as
 * it is after being written a moment ago, all of it in memory; the others as they are after a month.
 */
async function dropDays(platform: Platform): Promise<Dropped[]> {
  const partitions = await platform.query<{ name: string; rows: number; mb: number }>(
    `SELECT inhrelid::regclass::text AS name, c.reltuples::int AS rows, pg_total_relation_size(c.oid)::float8 / 1e6 AS mb
     FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
     WHERE inhparent = 'delivery_attempt'::regclass AND c.relname ~ '[0-9]{8}$'
     ORDER BY name OFFSET 1 LIMIT ${DROPPED_DAYS}`,
  );
  await platform.query('CHECKPOINT');
  const dropped: Dropped[] = [];
  for (const [at, { name, rows, mb }] of partitions.entries()) {
    const isCached = at % 2 === 0 || !(await forgetPages(platform, name));
    dropped.push({ rows, mb: Math.round(mb), isCached, ...(await timesOfDropping(platform, name)) });
  }
  return dropped;
}

/** As the housekeeping does it: whoever holds the day is not waited for but asked again, a vacuum for example. */
async function timesOfDropping(platform: Platform, name: string): Promise<Pick<Dropped, 'ms' | 'waitMs'>> {
  const drop = `DO $$ BEGIN
    PERFORM set_config('lock_timeout', '50', true);
    LOCK TABLE ONLY ${name} IN ACCESS EXCLUSIVE MODE NOWAIT;
    DROP TABLE ${name};
  END $$`;
  for (let tries = 1; ; tries += 1) {
    try {
      return await timesBesideLooks(platform, drop);
    } catch (error) {
      if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE || tries === DROP_TRIES) throw error;
    }
    await pause(500);
  }
}

async function timesBesideLooks(platform: Platform, drop: string): Promise<Pick<Dropped, 'ms' | 'waitMs'>> {
  const startedAt = performance.now();
  let ms = 0;
  const dropping = platform.query(drop).then(() => (ms = performance.now() - startedAt));
  let waitMs = 0;
  // What a look costs by itself is part of the wait; a pause between two leaves the processor to the drop.
  const look = async (): Promise<void> => {
    const askedAt = performance.now();
    await platform.query(LOOK);
    waitMs = Math.max(waitMs, performance.now() - askedAt);
    await pause(1);
  };
  while (ms === 0) await Promise.race([look(), dropping]);
  return { ms, waitMs };
}
