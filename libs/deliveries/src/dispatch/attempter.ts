import { Injectable, Logger } from '@nestjs/common';
import { OutboundHttp, type OutboundFailure, type OutboundResult } from '#libs/outbound-http';
import type { Target, Voice } from '#libs/subscriptions';
import { Clock } from '../clock.js';
import { DatabaseClock } from '../database-clock.js';
import { type AttemptOutcome, judgeResult } from '../settle/attempt-outcome.js';
import { type Settlement, settlementOf } from '../settle/settlement.js';
import type { EventBody, LeasedDelivery } from './delivery-frame.js';
import { EventBodies } from './event-bodies.js';

/** Time that must be left of a lease beyond the attempt itself, to record its outcome. */
const SETTLE_MARGIN_MS = 2000;
/** Bytes of a response that are kept for the log. */
const MAX_LOGGED_BODY = 16 * 1024;
/** What we lack, such as file descriptors, is free again when some other request is over. */
const OWN_FAULT_MS = 1000;
/** Each attempt fails of it then; one line in this time says as much. */
const QUIET_MS = 10_000;

const NO_KEYS: AttemptOutcome = {
  verdict: 'retryable',
  errorType: 'signing_key_unavailable',
  detail: 'No signing secret of this subscription can be read; check BELLHOP_SECRET_KEYS. Nothing was sent.',
  retryAfterMs: null,
  isGone: false,
};

/** Either an error of ours, or the settlement, or neither when nothing was sent: it is due again after so long then. */
export type AttemptEnded = (error: unknown, settlement: Settlement | null, againInMs?: number) => void;

interface Attempt {
  readonly delivery: LeasedDelivery;
  readonly target: Target;
  readonly voice: Voice;
}

/** Makes one attempt: signs the body with the secrets of this moment and sends it. */
@Injectable()
export class Attempter {
  private readonly logger = new Logger(Attempter.name);
  private nextLineAt = 0;

  constructor(
    private readonly http: OutboundHttp,
    private readonly bodies: EventBodies,
    private readonly clock: Clock,
    private readonly databaseClock: DatabaseClock,
  ) {}

  /**
   * A receiver's fault is an outcome like any other. Null when the lease would not last for the attempt; nothing was
   * sent then. A callback and not a promise: this runs for every single delivery.
   */
  attempt(delivery: LeasedDelivery, target: Target, ended: AttemptEnded): void {
    if (!this.isInTime(delivery, target)) return ended(null, null);
    const voice = target.voiceOf(delivery.id);
    const attempt = { delivery, target, voice };
    const made = this.bodies.bodyOf(delivery.event, target.id, voice.dialect.envelope);
    if (!(made instanceof Promise)) return this.send(attempt, made, ended);
    made.then(
      (body) => this.send(attempt, body, ended),
      (error: unknown) => ended(error, null),
    );
  }

  /** Whether its lease lasts for an attempt and the record of it. */
  isInTime({ leaseUntilMs }: LeasedDelivery, { timeoutMs }: Target): boolean {
    return this.databaseClock.nowMs() + timeoutMs + SETTLE_MARGIN_MS <= leaseUntilMs;
  }

  private send({ delivery, target, voice }: Attempt, { id, body }: EventBody, ended: AttemptEnded): void {
    const now = this.clock.now();
    const keys = voice.keys(now);
    const settle = (result: OutboundResult, outcome: AttemptOutcome): void =>
      ended(null, settlementOf({ delivery, target, result, outcome }));
    if (keys.length === 0) return settle(nothingSent(now), NO_KEYS);
    const { url, registeredUrl } = target;
    const { transport } = voice.dialect;
    const timestamp = Math.floor(now.getTime() / 1000);
    const headers = voice.dialect.headers({
      id,
      timestamp,
      body,
      keys,
      url,
      registeredUrl,
      event: delivery.event,
      attempt: delivery.attemptCount + 1,
    });
    const request = {
      url,
      method: 'POST' as const,
      headers: withOwn(headers, voice.headers),
      body,
      framing: transport.framing,
      waitForBody: transport.expectedAnswer !== null,
      timeoutMs: target.timeoutMs,
      maxBodyBytes: MAX_LOGGED_BODY,
      owner: delivery.event.tenantId,
    };
    this.http.send(request, (result) => {
      if (isOwnFault(result)) return this.giveBack(result, ended);
      settle(result, judgeResult(result, this.clock, transport));
    });
  }

  /** It says nothing of the receiver: no attempt is burned, and no circuit counts it. */
  private giveBack({ detail }: OutboundFailure, ended: AttemptEnded): void {
    const now = performance.now();
    if (now >= this.nextLineAt) {
      this.nextLineAt = now + QUIET_MS;
      this.logger.error(`Deliveries wait, for no connection can be opened. ${detail}`);
    }
    ended(null, null, OWN_FAULT_MS * (0.5 + Math.random()));
  }
}

/** No connection was opened, for want of something here: files, memory. */
function isOwnFault(result: OutboundResult): result is OutboundFailure & OutboundResult {
  return result.kind === 'failure' && result.errorType === 'internal' && result.phase === 'connect';
}

/** The subscription's own headers come last; none of them is one that the profile sets. */
function withOwn(
  headers: Record<string, string>,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  for (const name in own) headers[name] = own[name] ?? '';
  return headers;
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
