import { Injectable } from '@nestjs/common';
import { Clock } from '#libs/kernel';
import { OutboundHttp, type OutboundResult } from '#libs/outbound-http';
import { profileNamed } from '#libs/signing';
import type { Target } from '#libs/subscriptions';
import { DatabaseClock } from '../database-clock.js';
import { type AttemptOutcome, judgeResult } from '../settle/attempt-outcome.js';
import { type Settlement, settlementOf } from '../settle/settlement.js';
import type { LeasedDelivery } from './delivery-frame.js';
import { EventBodies } from './event-bodies.js';

/** Time that must be left of a lease beyond the attempt itself, to record its outcome. */
const SETTLE_MARGIN_MS = 2000;
/** Bytes of a response that are kept for the log. */
const MAX_LOGGED_BODY = 16 * 1024;

const NO_KEYS: AttemptOutcome = {
  verdict: 'retryable',
  errorType: 'signing_key_unavailable',
  detail: 'No signing secret of this subscription can be read; check BELLHOP_SECRET_KEYS. Nothing was sent.',
  retryAfterMs: null,
  isGone: false,
};

/** Makes one attempt: signs the body with the secrets of this moment and sends it. */
@Injectable()
export class Attempter {
  constructor(
    private readonly http: OutboundHttp,
    private readonly bodies: EventBodies,
    private readonly clock: Clock,
    private readonly databaseClock: DatabaseClock,
  ) {}

  /**
   * Never throws for a receiver's fault: whatever it does is an outcome. Null when the lease would not last for the
   * attempt; nothing was sent then.
   */
  async attempt(delivery: LeasedDelivery, target: Target): Promise<Settlement | null> {
    if (this.databaseClock.nowMs() + target.timeoutMs + SETTLE_MARGIN_MS > delivery.leaseUntilMs) return null;
    const profile = profileNamed(target.profile);
    const made = this.bodies.bodyOf(delivery.event, profile);
    const { id, body } = made instanceof Promise ? await made : made;
    const now = this.clock.now();
    const keys = target.keys(now);
    const schedule = target.retry?.scheduleSeconds ?? null;
    if (keys.length === 0) {
      const result = nothingSent(now);
      return settlementOf({ delivery, url: target.url, result, outcome: NO_KEYS }, schedule);
    }
    const timestamp = Math.floor(now.getTime() / 1000);
    const result = await this.http.request({
      url: target.url,
      method: 'POST',
      headers: { ...profile.headers({ id, timestamp, body, keys }), ...target.headers },
      body,
      timeoutMs: target.timeoutMs,
      maxBodyBytes: MAX_LOGGED_BODY,
      owner: delivery.event.tenantId,
    });
    const outcome = judgeResult(result, this.clock.now());
    return settlementOf({ delivery, url: target.url, result, outcome }, schedule);
  }
}

function nothingSent(startedAt: Date): OutboundResult {
  const timings = { resolveMs: null, connectMs: null, tlsMs: null, firstByteMs: null, totalMs: 0 };
  return {
    kind: 'failure',
    errorType: 'internal',
    phase: 'policy',
    detail: '',
    startedAt,
    durationMs: 0,
    timings,
    remoteAddress: null,
    retriedConnection: false,
  };
}
