import { setTimeout as pause } from 'node:timers/promises';
import { type ChaosCase, everywhere } from '../case.js';
import type { ChaosPlatform } from '../platform/chaos-platform.js';
import type { Stage } from '../stage.js';

const TIMEOUT_MS = 1000;
const BOOTS = 4;
const AT_ONCE_MS = 2000;

export const chaosCase: ChaosCase = {
  id: 'F08',
  name: 'signals-at-the-wrong-time',
  inject:
    'SIGINT at four moments of a boot on an empty database; then SIGTERM twice with a request in flight',
  expect: 'each time the process ends at once; no half migration, and what was in flight comes again',
  modes: everywhere('run'),

  async run(stage) {
    // Given
    const platform = await stage.platform({ workers: 1 });
    await platform.kill9();
    await platform.sql.read('DROP SCHEMA IF EXISTS guestbook, inbox CASCADE');
    await platform.sql.read('DROP SCHEMA public CASCADE');
    await platform.sql.read('CREATE SCHEMA public');

    // Inject, expect
    for (let boot = 0; boot < BOOTS; boot += 1) await interruptBoot(stage, platform);
    await platform.heal();
    await stopTwice(stage, platform);
    return stage.judge({ withinMs: stage.recoveryMs(TIMEOUT_MS), extraAtMost: 1, duplicatesAtMost: 0 });
  },
};

async function interruptBoot(stage: Stage, platform: ChaosPlatform): Promise<void> {
  const process = platform.worker();
  process.spawn();
  await pause(stage.random.between(100, 2000));
  process.signal('SIGINT');
  const signalledAt = performance.now();
  await process.dies();
  const took = performance.now() - signalledAt;
  if (took > AT_ONCE_MS) throw new Error(`a boot that was interrupted ended after ${took} ms`);
  if (process.exitCode === 1) throw new Error(`a boot that was interrupted failed\n${process.log}`);
}

async function stopTwice(stage: Stage, platform: ChaosPlatform): Promise<void> {
  const { type, endpoint } = await stage.subscribe({ timeoutMs: TIMEOUT_MS });
  await endpoint.behave({ hang: true }, { status: 200 });
  await stage.publisher().publish(type, 1);
  await endpoint.receives(1);
  const process = platform.worker();
  process.signal('SIGTERM');
  await stage.eventually(async () => {
    if ((await process.readiness()) !== 503) throw new Error('SIGTERM was not taken');
  });
  process.signal('SIGTERM');
  await process.dies(AT_ONCE_MS);
  await platform.heal();
}
