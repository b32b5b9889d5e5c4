import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type ChaosCase, everywhere } from '../case.js';
import { requireHonestRefusals } from '../oracle/refusals.js';
import type { ChaosPlatform } from '../platform/chaos-platform.js';
import { PostgresServer } from '../platform/postgres-server.js';
import { SmallDisk } from '../platform/small-disk.js';
import type { Stage } from '../stage.js';

const TIMEOUT_MS = 1000;
const DISK_MEBIBYTES = 400;
const LEFT_BYTES = 4 * 1024 * 1024;
/** Of each event: a hundred of them fill what is left. */
const DATA = { filler: 'x'.repeat(60_000) };
const MOST_EVENTS = 2000;
const IN_FLIGHT = 20;

export const chaosCase: ChaosCase = {
  id: 'F15',
  name: 'disk-full',
  inject:
    "the disk of PostgreSQL fills up until it takes no write, then to the last byte, so that its log's writer panics",
  expect:
    'publishers get 503, no process of the platform ends; with space again everything goes on by itself',
  modes: everywhere('run'),

  async run(stage) {
    // Given
    const disk = await SmallDisk.mount(stage.newPath('disk'), DISK_MEBIBYTES);
    stage.afterwards(() => disk.unmount());
    const platform = await onThatDisk(stage, disk);
    const { type } = await stage.subscribe({ timeoutMs: TIMEOUT_MS });
    const publisher = stage.publisher();
    await publisher.publish(type, 20, { data: DATA });

    // Inject
    await disk.fill(LEFT_BYTES);
    for (let sent = 0; stage.book.badAnswers.length === 0; sent += 20) {
      if (sent > MOST_EVENTS) throw new Error('the disk did not fill up');
      await publisher.publish(type, 20, { data: DATA });
    }
    await disk.fill(0);
    await publisher.publish(type, 40, { data: DATA });
    const dead = platform.processes.filter(({ isRunning }) => !isRunning);
    if (dead.length > 0) throw new Error(`${dead.length} processes of the platform ended`);

    // Expect
    await disk.free();
    // Seen once: its recovery had begun on the full disk and did not go on, and nobody got in for as long as we waited.
    if (stage.mode !== 'embedded') await platform.postgres.kill9();
    await platform.postgres.start();
    await platform.ready();
    const accepted = await publisher.publish(type, 20, { data: DATA });
    if (accepted.length < 20) throw new Error(`only ${accepted.length} of 20 were accepted afterwards`);
    stage.note(`${stage.book.accepted.size} accepted, ${stage.book.badAnswers.length} refused`);
    requireHonestRefusals(stage.book);
    return stage.judge({ withinMs: stage.recoveryMs(TIMEOUT_MS), extraAtMost: IN_FLIGHT });
  },
};

async function onThatDisk(stage: Stage, disk: SmallDisk): Promise<ChaosPlatform> {
  const folder = path.join(disk.folder, 'platform');
  if (stage.mode === 'embedded') {
    await mkdir(folder, { mode: 0o755 });
    return stage.platform({ folder });
  }
  const postgres = await PostgresServer.create(folder);
  stage.afterwards(() => postgres.end());
  return stage.platform({ postgres });
}
