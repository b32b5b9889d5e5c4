import { setTimeout as pause } from 'node:timers/promises';
import type { LoadResult } from '../case.js';
import { nowMicros } from '../measure/clock.js';
import { Histogram } from '../measure/histogram.js';
import { batchBody, Body, type EventShape } from './bodies.js';
import { EventPublisher, requestOf, type Server } from './publisher.js';

export interface SaturatingOrder extends EventShape {
  readonly platform: Server;
  readonly run: number;
  readonly fanOut: number;
  readonly outstanding: number;
  readonly connections: number;
  readonly batch: number;
}

const AFTER_REFUSAL_MS = 20;

/** The closed loop: as many batches as the window of outstanding deliveries lets through. */
export class SaturatingRun {
  private readonly publisher: EventPublisher;
  private readonly template: Body;
  private readonly startedMicros = nowMicros();
  private readonly workers: Promise<void>[];
  private isOver = false;
  private sequence = 0;
  private accepted = 0;
  private refused = 0;
  private delivered = 0;
  /** Deliveries of requests that have no answer yet. */
  private underway = 0;
  private waiting: (() => void)[] = [];

  constructor(private readonly order: SaturatingOrder) {
    this.publisher = new EventPublisher(order.platform, order.connections);
    const { bytes } = batchBody(order, order.batch);
    this.template = new Body(requestOf(order.platform, '/v1/events/batch', bytes));
    this.workers = Array.from({ length: order.connections }, () => this.publish());
  }

  /** So many deliveries have arrived by now. */
  progress(delivered: number): void {
    this.delivered = delivered;
    this.wake();
  }

  soFar(): { accepted: number; atMicros: number } {
    return { accepted: this.accepted, atMicros: nowMicros() };
  }

  async end(): Promise<LoadResult> {
    this.isOver = true;
    this.wake();
    await Promise.all(this.workers);
    this.publisher.close();
    const { accepted, refused } = this;
    const seconds = (nowMicros() - this.startedMicros) / 1e6;
    return { offered: accepted + refused, accepted, refused, seconds, lag: new Histogram().percentiles() };
  }

  private async publish(): Promise<void> {
    const request = this.template.copy();
    while (!this.isOver) {
      if (this.hasRoom()) await this.send(request);
      else await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  private hasRoom(): boolean {
    const { fanOut, outstanding, batch } = this.order;
    return this.accepted * fanOut + this.underway + batch * fanOut - this.delivered <= outstanding;
  }

  private async send(request: Body): Promise<void> {
    const { run, fanOut } = this.order;
    request.mark(run, this.sequence, nowMicros());
    this.sequence += request.events;
    this.underway += request.events * fanOut;
    const { accepted, refused } = await this.publisher
      .batch(request.bytes, request.events)
      .catch(() => ({ accepted: 0, refused: request.events }));
    this.underway -= request.events * fanOut;
    this.accepted += accepted;
    this.refused += refused;
    if (refused > 0) await pause(AFTER_REFUSAL_MS);
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
