import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type ChaosCase, everywhere } from '../case.js';
import type { ChaosPlatform } from '../platform/chaos-platform.js';

const FEW_FILES = 64;
const RECEIVERS = 60;
const HEAP_MIB = 64;
const LARGE = 'x'.repeat(100_000);

export const chaosCase: ChaosCase = {
  id: 'F48',
  name: 'out-of-resources',
  inject: '64 file descriptors, standard output closed, a heap of 64 MiB: for each process that dispatches',
  expect: 'it goes on slower, or ends with a word and a code; nothing is lost',
  modes: everywhere('run'),

  async run(stage) {
    const platform = await stage.platform({});
    const publisher = stage.publisher();
    const retry = { scheduleSeconds: [1, 1, 2, 2, 5, 5, 5, 5] };

    // Fewer file descriptors than receivers that are slow: connections to them, to PostgreSQL and of publishers fail.
    const many = await stage.subscribeMany(RECEIVERS, { timeoutMs: 5000, retry });
    await Promise.all(many.endpoints.map((endpoint) => endpoint.behave({ status: 200, delayMs: 300 })));
    const before = await publisher.publish(many.type, 2, { atOnce: 1 });
    await limitFiles(platform.processes, FEW_FILES);
    const during = await publisher.publish(many.type, 5, { atOnce: 1 });
    if (platform.processes.some(({ isRunning }) => !isRunning))
      throw new Error('a process ended for want of files');
    const wrong = stage.book.badAnswers.filter(({ status }) => status !== 503);
    if (wrong.length > 0) throw new Error(`for want of files the API answered ${wrong[0]?.status}`);
    await limitFiles(platform.processes, 10_000);

    // Nobody reads what it writes, and it has something to say. One event: a subscription that is gone takes no second.
    for (const worker of platform.workers) worker.closeOutput();
    const gone = await stage.subscribe({ timeoutMs: 5000 });
    await gone.endpoint.behave({ status: 410 });
    await publisher.publish(gone.type, 1);
    await gone.endpoint.receives(1);
    await Promise.all(
      many.endpoints.map((endpoint) => endpoint.delivers(before.length + during.length, 60_000)),
    ).catch(async (error: unknown) => {
      throw new Error(`${String(error)}; left: ${await describeLeft(platform, many.type)}`);
    });
    if (platform.workers.some(({ isRunning }) => !isRunning))
      throw new Error('a process ended because nobody reads its log');
    const [burned] = await platform.sql.query<{ count: number }>(BURNED, [many.type]);
    if (burned?.count !== 0)
      throw new Error(`${burned?.count} attempts were burned for want of files on our side`);

    // A small heap.
    for (const worker of platform.workers) {
      await worker.kill9();
      worker.spawn({ NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}` });
    }
    await platform.ready();
    const large = await stage.subscribeMany(3, { timeoutMs: 5000, retry });
    const accepted = await publisher.publish(large.type, 300, { data: { text: LARGE } });
    const silent = platform.workers.filter(({ isRunning, log }) => !isRunning && !/heap/i.test(log));
    if (silent.length > 0) throw new Error(`a process ended without a word\n${silent[0]?.log}`);
    await platform.heal();
    await Promise.all(large.endpoints.map((endpoint) => endpoint.delivers(accepted.length, 60_000)));
    // What met the 410 is exhausted.
    return stage.judge({ mayRemain: ['exhausted'], extraAtMost: 100 });
  },
};

/** What was not delivered, and why not yet. */
async function describeLeft({ sql }: ChaosPlatform, type: string): Promise<string> {
  const rows = await sql.query(LEFT, [type]);
  return JSON.stringify(rows);
}

const LEFT = `
SELECT d.*, now() AS now, to_jsonb(g) AS gate,
  (SELECT jsonb_agg(jsonb_build_array(a.started_at, a.fence, a.error_type, a.error_detail) ORDER BY a.started_at)
    FROM delivery_attempt a WHERE a.delivery_id = d.id) AS attempts
FROM delivery d LEFT JOIN subscription_gate g ON g.subscription_id = d.subscription_id
WHERE d.event_type = $1 AND d.status <> 'delivered'`;

/** Attempts whose request was never sent, through a fault of the platform. */
const BURNED = `
SELECT count(*)::int AS count FROM delivery_attempt a JOIN delivery d ON d.id = a.delivery_id
WHERE d.event_type = $1 AND a.error_type = 'internal'`;

async function limitFiles(processes: readonly { readonly pid: number }[], files: number): Promise<void> {
  const limit = promisify(execFile);
  await Promise.all(
    processes.map(({ pid }) => limit('prlimit', ['--pid', String(pid), `--nofile=${files}:`])),
  );
}
