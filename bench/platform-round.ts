import { cpuSeconds } from './cpu.js';
import { BENCH_KEY, type Platform, type Sink } from './processes.js';

export interface RoundResult {
  readonly delivered: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** CPU microseconds of one delivery: the platform's process, and PostgreSQL's where it is embedded. */
  readonly cpuMicros: { readonly platform: number; readonly postgres: number | null };
  readonly accepted: number;
  readonly duplicates: number;
  readonly lost: number;
}

export interface RoundOptions {
  readonly fanOut: number;
  readonly runMs: number;
}

const BATCH = 100;
/** Batches under way at once: enough to saturate, few enough to show when the platform pushes back. */
const WINDOW = 4;
/** Accepted and not yet delivered: beyond it the load waits, so that the round measures a steady state. */
const MAX_OUTSTANDING = 4000;
const DATA = { filler: 'x'.repeat(440) };

/** Saturates the platform for a while and waits until everything that it accepted has arrived. */
export async function platformRound(
  platform: Platform,
  sink: Sink,
  options: RoundOptions,
): Promise<RoundResult> {
  const subscriptions = await subscribe(platform, sink, options.fanOut);
  await sink.reset();
  const before = cpuOf(platform);
  const startedAt = performance.now();
  const accepted = await load(platform, sink, options);
  const expected = accepted * options.fanOut;
  const { total, unique } = await drained(sink, expected);
  const seconds = (performance.now() - startedAt) / 1000;
  const after = cpuOf(platform);
  for (const id of subscriptions) await call(platform, 'DELETE', `/v1/subscriptions/${id}`);
  const micros = (from: number, to: number): number => Math.round(((to - from) * 1e6) / total);
  return {
    delivered: unique,
    seconds,
    perSecond: Math.round(unique / seconds),
    cpuMicros: {
      platform: micros(before.platform, after.platform),
      postgres: platform.databasePid === null ? null : micros(before.postgres, after.postgres),
    },
    accepted,
    duplicates: total - unique,
    lost: expected - unique,
  };
}

/** The embedded PostgreSQL is a child of the platform and is counted apart. */
function cpuOf({ pid, databasePid }: Platform): { platform: number; postgres: number } {
  const postgres = databasePid === null ? 0 : cpuSeconds(databasePid);
  return { platform: cpuSeconds(pid) - postgres, postgres };
}

async function subscribe(platform: Platform, sink: Sink, count: number): Promise<string[]> {
  await call(platform, 'POST', '/v1/event-types', { name: 'bench.event.sent' });
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const url = `${sink.url}/sink-${n}`;
    const body = { url, eventTypes: ['bench.event.sent'], handshake: 'none' };
    ids.push(((await call(platform, 'POST', '/v1/subscriptions', body)) as { id: string }).id);
  }
  return ids;
}

async function load(platform: Platform, sink: Sink, { fanOut, runMs }: RoundOptions): Promise<number> {
  const deadline = performance.now() + runMs;
  const body = { events: Array.from({ length: BATCH }, () => ({ type: 'bench.event.sent', data: DATA })) };
  let accepted = 0;
  const publish = async (): Promise<void> => {
    while (performance.now() < deadline) {
      if (accepted * fanOut - (await sink.stats()).total > MAX_OUTSTANDING) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        continue;
      }
      const answer = (await call(platform, 'POST', '/v1/events/batch', body)) as { data: object[] };
      accepted += answer.data.filter((item) => 'id' in item).length;
    }
  };
  await Promise.all(Array.from({ length: WINDOW }, publish));
  return accepted;
}

async function drained(sink: Sink, expected: number): Promise<{ total: number; unique: number }> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const stats = await sink.stats();
    if (stats.unique >= expected || Date.now() > deadline) return stats;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function call(platform: Platform, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${platform.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${BENCH_KEY}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.status >= 400 && response.status !== 409)
    throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}
