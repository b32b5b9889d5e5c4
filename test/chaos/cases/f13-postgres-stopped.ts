import { setTimeout as pause } from 'node:timers/promises';
import { type ChaosCase, notApplicable } from '../case.js';

const TIMEOUT_MS = 1000;
/** Longer than a lease, which is what makes the outage a long one. */
const DOWN_MS = 15_000;
const PAUSES_WITHIN_MS = 3000;
const EVENTS = 200;
const ANSWER_MS = 200;
const CONCURRENCY = 100;

export const chaosCase: ChaosCase = {
  id: 'F13',
  name: 'postgres-stopped',
  inject: 'PostgreSQL is stopped for longer than any lease, while a receiver answers 200 to a backlog',
  expect:
    'attempts pause within 3 s, since their outcomes could not be kept; no more duplicates than were in flight',
  modes: {
    embedded: notApplicable('The platform starts its own server again within a second; F12 shows that.'),
    postgres: 'run',
    full: 'run',
  },

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const { type, endpoint } = await stage.subscribe({ timeoutMs: TIMEOUT_MS, maxInFlight: 2 });
    await endpoint.behave({ status: 200, delayMs: ANSWER_MS });
    await stage.publisher().publish(type, EVENTS, { atOnce: 32 });
    const before = (await endpoint.requests()).length;

    // Inject
    await platform.postgres.stop();
    await pause(PAUSES_WITHIN_MS);
    const paused = (await endpoint.requests()).length;
    await pause(DOWN_MS - PAUSES_WITHIN_MS);
    const later = (await endpoint.requests()).length - paused;
    await platform.postgres.start();
    await platform.ready();

    // Expect
    if (before >= EVENTS) throw new Error('there was no backlog');
    stage.note(`${before} before, ${paused - before} until the pause, ${later} in it`);
    if (later > 0) throw new Error(`${later} attempts were made that nobody could record`);
    return stage.judge({ withinMs: stage.recoveryMs(TIMEOUT_MS), extraAtMost: CONCURRENCY });
  },
};
