import type { LoadResult } from '../case.js';
import { nowMicros } from '../measure/clock.js';
import { Histogram } from '../measure/histogram.js';
import { Body, type EventShape, singleBodies } from './bodies.js';
import { startMetronome } from './metronome.js';
import { EventPublisher, requestOf, type Server } from './publisher.js';

export interface PacedOrder extends EventShape {
  readonly platform: Server;
  readonly run: number;
  readonly perSecond: number;
  readonly ms: number;
}

/** More than a stall of the platform can need: a request that waits for a connection would hide the stall. */
const CONNECTIONS = 512;
/** The metronome's thread needs it to start. */
const LEAD_MICROS = 100_000;

/** The open loop: what is due goes out, and carries the time at which it was due, whatever became of the others. */
export class PacedRun {
  private readonly requests: readonly Body[];
  private readonly publisher: EventPublisher;
  private readonly lag = new Histogram();
  private readonly offered: number;
  private startMicros = 0;
  private sent = 0;
  private accepted = 0;
  private refused = 0;
  private finish: () => void = () => undefined;

  constructor(private readonly order: PacedOrder) {
    this.requests = singleBodies(order).map(
      ({ bytes }) => new Body(requestOf(order.platform, '/v1/events', bytes)),
    );
    this.publisher = new EventPublisher(order.platform, CONNECTIONS);
    this.offered = Math.max(1, Math.round((order.perSecond * order.ms) / 1000));
  }

  async run(): Promise<LoadResult> {
    await this.publisher.prepare();
    this.startMicros = nowMicros() + LEAD_MICROS;
    const finished = new Promise<void>((resolve) => (this.finish = resolve));
    const stop = startMetronome(this.startMicros, 1000 / this.order.perSecond, () => this.sendDue());
    await finished;
    stop();
    this.publisher.close();
    const { offered, accepted, refused } = this;
    const seconds = (nowMicros() - this.startMicros) / 1e6;
    return { offered, accepted, refused, seconds, lag: this.lag.percentiles() };
  }

  private sendDue(): void {
    const now = nowMicros();
    while (this.sent < this.offered && this.dueMicros(this.sent) <= now) {
      this.lag.record(now - this.dueMicros(this.sent));
      this.send(this.sent);
      this.sent += 1;
    }
  }

  private dueMicros(sequence: number): number {
    return Math.round(this.startMicros + (sequence * 1e6) / this.order.perSecond);
  }

  private send(sequence: number): void {
    const request = this.requests[sequence % this.requests.length]?.copy();
    if (request === undefined) return;
    request.mark(this.order.run, sequence, this.dueMicros(sequence));
    this.publisher.one(request.bytes).then(
      ({ accepted, refused }) => this.count(accepted, refused),
      () => this.count(0, 1),
    );
  }

  private count(accepted: number, refused: number): void {
    this.accepted += accepted;
    this.refused += refused;
    if (this.accepted + this.refused === this.offered) this.finish();
  }
}
