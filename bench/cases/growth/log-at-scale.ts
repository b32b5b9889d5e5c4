import { setTimeout as pause } from 'node:timers/promises';
import type { BenchCase, BenchContext, CaseResult, Platform } from '../../case.js';
import { Histogram } from '../../measure/histogram.js';
import { HISTORY_TYPES, writeHistory } from './history.js';
import { type PageKind, pageKinds } from './history-pages.js';

const FULL = { deliveries: 5_000_000, days: 10 } as const;
const QUICK = { deliveries: 200_000, days: 10 } as const;
const PAGES_OF_EACH_KIND = 25;
/** A process that has answered nothing yet compiles while it answers. */
const WARMING_PAGES = 5;
const DROPPED_DAYS = 3;
const DROP_TRIES = 40;
const LOCK_NOT_AVAILABLE = '55P03';

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
  const retention = await dropDays(platform);
  return {
    figures: { historyPageP95: [msOf(all, 0.95)], retentionMs: retention },
    detail: { fillSeconds, pages, rareSearch },
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

/** As the housekeeping does it, oldest first. Milliseconds of each. */
async function dropDays(platform: Platform): Promise<number[]> {
  const partitions = await platform.query<{ name: string }>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits
     WHERE inhparent = 'delivery_attempt'::regclass AND inhrelid::regclass::text ~ '[0-9]{8}$'
     ORDER BY name OFFSET 1 LIMIT ${DROPPED_DAYS}`,
  );
  await platform.query('CHECKPOINT');
  const times: number[] = [];
  for (const { name } of partitions) {
    times.push(await timeOfDropping(platform, name));
  }
  return times;
}

/** As the housekeeping does it: whoever holds the table is not waited for but asked again, a vacuum for example. */
async function timeOfDropping(platform: Platform, name: string): Promise<number> {
  const drop = `DO $$ BEGIN PERFORM set_config('lock_timeout', '50', true); EXECUTE 'DROP TABLE ${name}'; END $$`;
  for (let tries = 1; ; tries += 1) {
    const startedAt = performance.now();
    try {
      await platform.query(drop);
      return performance.now() - startedAt;
    } catch (error) {
      if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE || tries === DROP_TRIES) throw error;
    }
    await pause(500);
  }
}
