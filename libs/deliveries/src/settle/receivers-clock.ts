import { Logger } from '@nestjs/common';
import { majorityMedian } from './majority-median.js';
import type { Settlement } from './settlement.js';

/** Receivers refuse a signature whose time is further off than some minutes. */
const ALARMING_MS = 60_000;
/** Well below, so that an answer more or less does not bring the alarm back. */
const RIGHT_AGAIN_MS = 30_000;
const LEAST_HOSTS = 3;
const MOST_HOSTS = 7;
const SAMPLE_EVERY_MS = 1_000;
const FORGET_AFTER_MS = 10 * 60_000;
/** A `Date` names the second that it lies in: by half of one it is too early on average. */
const HALF_A_SECOND_MS = 500;

interface Sample {
  readonly aheadMs: number;
  readonly seenAt: number;
}

type Answered = Pick<Settlement, 'url' | 'result'>;

/**
 * Our clock as receivers see it, by the `Date` of their answers: theirs are the clocks that signatures are judged by.
 * One host may be wrong, so it takes several, and the median of the last few says how far ours is off.
 */
export class ReceiversClock {
  private readonly logger = new Logger(ReceiversClock.name);
  /** The one that was seen longest ago comes first. */
  private readonly samples = new Map<string, Sample>();
  private nextSampleAt = 0;
  private isAlarmed = false;

  constructor(private readonly monotonicNow: () => number = () => performance.now()) {}

  /** How far the clock of this process is ahead of the receivers'; null while too few of them have said. */
  get ownAheadMs(): number | null {
    const oldest = this.monotonicNow() - FORGET_AFTER_MS;
    const fresh = [...this.samples.values()].filter(({ seenAt }) => seenAt >= oldest);
    if (fresh.length < LEAST_HOSTS) return null;
    return majorityMedian(fresh.map(({ aheadMs }) => aheadMs));
  }

  /** Takes a sample of these answers, once a second at most. */
  learn(answers: readonly Answered[]): void {
    const now = this.monotonicNow();
    if (now < this.nextSampleAt) return;
    this.nextSampleAt = now + SAMPLE_EVERY_MS;
    const chosen = this.leastKnown(answers);
    if (chosen === undefined) return;
    this.keep(chosen.host, { aheadMs: chosen.aheadMs, seenAt: now });
    this.judge();
  }

  /** Of a host that has not been heard, or else not for longest: a busy one must not be all that is known. */
  private leastKnown(answers: readonly Answered[]): { host: string; aheadMs: number } | undefined {
    let least: { host: string; aheadMs: number; seenAt: number } | undefined;
    for (const { url, result } of answers) {
      const { hostname: host } = new URL(url);
      const seenAt = this.samples.get(host)?.seenAt ?? -Infinity;
      if (least !== undefined && seenAt >= least.seenAt) continue;
      const aheadMs = aheadOf(result);
      if (aheadMs !== null) least = { host, aheadMs, seenAt };
    }
    return least;
  }

  private keep(host: string, sample: Sample): void {
    this.samples.delete(host);
    this.samples.set(host, sample);
    const [oldest] = this.samples.keys();
    if (this.samples.size > MOST_HOSTS && oldest !== undefined) this.samples.delete(oldest);
  }

  private judge(): void {
    const aheadMs = this.ownAheadMs;
    if (aheadMs === null) return;
    const offMs = Math.abs(aheadMs);
    if (!this.isAlarmed && offMs > ALARMING_MS) {
      this.isAlarmed = true;
      this.logger.error(
        `The clock of this machine is ${Math.round(offMs / 1000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} that of ` +
          'most receivers, by the Date of their answers: they refuse signatures with such a time.',
      );
    } else if (this.isAlarmed && offMs <= RIGHT_AGAIN_MS) {
      this.isAlarmed = false;
      this.logger.warn('The clock of this machine agrees with that of most receivers again.');
    }
  }
}

/** Null without a `Date` in the one form that senders may use. */
function aheadOf(result: Settlement['result']): number | null {
  const text = result.kind === 'response' ? result.headers['date'] : undefined;
  if (text === undefined) return null;
  const ms = Date.parse(text);
  if (Number.isNaN(ms) || new Date(ms).toUTCString() !== text) return null;
  return result.startedAt.getTime() + result.durationMs - (ms + HALF_A_SECOND_MS);
}
