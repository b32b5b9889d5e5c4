import { ID_PREFIX, toTypeId } from '#libs/kernel';
import { everywhere, type ChaosCase } from '../case.js';
import { attemptsOf } from '../oracle/attempts.js';

const DAY_MS = 24 * 3600 * 1000;
/** What the schedule alone allows: a second and half of it. */
const SCHEDULE_MS = 1500;

interface Answer {
  readonly status: number;
  readonly retryAfter: string;
  /** Until the next attempt, from the start of this one. */
  readonly leastMs: number;
  readonly mostMs: number;
}

const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toUTCString();

/** Dates have whole seconds, so that one in three seconds is at least two seconds away. */
const answers = (): readonly Answer[] => [
  { status: 429, retryAfter: '2', leastMs: 2000, mostMs: 3500 },
  { status: 503, retryAfter: inSeconds(4), leastMs: 1000, mostMs: 6500 },
  { status: 429, retryAfter: inSeconds(-60), leastMs: 0, mostMs: SCHEDULE_MS + 500 },
  { status: 503, retryAfter: '-1', leastMs: 0, mostMs: SCHEDULE_MS + 500 },
  { status: 429, retryAfter: 'NaN', leastMs: 0, mostMs: SCHEDULE_MS + 500 },
  { status: 503, retryAfter: 'soon', leastMs: 0, mostMs: SCHEDULE_MS + 500 },
  { status: 429, retryAfter: '1000000000', leastMs: DAY_MS, mostMs: DAY_MS + 2000 },
];

export const chaosCase: ChaosCase = {
  id: 'F41',
  name: 'retry-after',
  inject: '429 and 503 with Retry-After in seconds, as a date, in the past, huge, negative and as garbage',
  expect:
    'the later of schedule and header, at most a day; garbage changes nothing; a retry by hand waits for neither',
  modes: everywhere('run'),

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const type = await stage.eventType();
    const retry = { scheduleSeconds: [1] };
    const given = answers();
    const asked = await Promise.all(given.map(() => stage.subscribe({ retry }, type)));

    // Inject
    for (const [index, { endpoint }] of asked.entries()) {
      const { status = 0, retryAfter = '' } = given[index] ?? {};
      await endpoint.behave({ status, headers: { 'retry-after': retryAfter } }, { status: 200 });
    }
    await stage.publisher().publish(type, 1);

    // Expect
    for (const [index, { subscriptionId }] of asked.entries()) {
      const { retryAfter, leastMs = 0, mostMs = 0 } = given[index] ?? {};
      const [first] = await stage.eventually(async () => {
        const made = await attemptsOf(platform.sql, subscriptionId);
        if (made.length === 0) throw new Error(`no attempt for Retry-After: ${retryAfter}`);
        return made;
      });
      const waitsMs = first?.waits_ms ?? 0;
      if (waitsMs < leastMs || waitsMs > mostMs)
        throw new Error(`Retry-After ${retryAfter} waits ${waitsMs} ms`);
      const id = toTypeId(ID_PREFIX.delivery, first?.delivery_id ?? '');
      if (leastMs === DAY_MS) await platform.call('POST', `/v1/deliveries/${id}/retry`);
    }
    return stage.judge();
  },
};
