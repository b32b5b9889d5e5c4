import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '#libs/observability';
import type { Settlement } from './settle/settlement.js';

/** Seconds: a healthy receiver answers within the first few, the last is the longest timeout. */
const ATTEMPT_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30];

type Shown = ReturnType<MetricsRegistry['gauge']>;

/** What the engine counts. Labels are words of a fixed list, never an id or a URL. */
@Injectable()
export class EngineMetrics {
  /** All attempts that this process recorded; another object whenever they have grown. */
  totals = { attempts: 0, failed: 0 };

  private readonly events;
  private readonly attempts;
  private readonly seconds;
  private readonly carried;
  private readonly openings;
  private readonly deferrals;

  constructor(private readonly registry: MetricsRegistry) {
    this.events = registry.counter({ name: 'bellhop_events_accepted_total', help: 'Events made durable.' });
    this.attempts = registry.counter({
      name: 'bellhop_delivery_attempts_total',
      help: 'Attempts recorded, by outcome and error type.',
      labelNames: ['outcome', 'error_type'] as const,
    });
    this.seconds = registry.histogram({
      name: 'bellhop_delivery_attempt_seconds',
      help: 'Time from an attempt to its decision.',
      buckets: ATTEMPT_SECONDS,
    });
    this.carried = registry.counter({
      name: 'bellhop_attempts_carried_total',
      help: 'Attempts without a request of their own: one notification stood for all that waited for the subscription.',
    });
    this.openings = registry.counter({
      name: 'bellhop_circuits_opened_total',
      help: 'Circuits that this process opened because a receiver failed again and again.',
    });
    this.deferrals = registry.counter({
      name: 'bellhop_deliveries_deferred_total',
      help: 'Deliveries given back without an attempt because the circuit of their subscription is open.',
    });
  }

  accepted(events: number): void {
    this.events.inc(events);
  }

  attempted(settlements: readonly Settlement[]): void {
    // Counting a whole batch by kind first: a labelled increment costs more than all the rest of this.
    const failures = new Map<string, number>();
    let failed = 0;
    let carried = 0;
    for (const { outcome, result, carriedBy } of settlements) {
      if (carriedBy === null) this.seconds.observe(result.durationMs / 1000);
      else carried += 1;
      if (outcome.verdict === 'delivered') continue;
      const kind = `${outcome.verdict} ${outcome.errorType ?? 'none'}`;
      failures.set(kind, (failures.get(kind) ?? 0) + 1);
      failed += 1;
    }
    const delivered = settlements.length - failed;
    if (delivered > 0) this.attempts.inc({ outcome: 'delivered', error_type: 'none' }, delivered);
    for (const [kind, count] of failures) {
      const [outcome = '', errorType = ''] = kind.split(' ');
      this.attempts.inc({ outcome, error_type: errorType }, count);
    }
    if (carried > 0) this.carried.inc(carried);
    const { totals } = this;
    this.totals = { attempts: totals.attempts + settlements.length, failed: totals.failed + failed };
  }

  circuitsOpened(count: number): void {
    this.openings.inc(count);
  }

  deferred(deliveries: number): void {
    this.deferrals.inc(deliveries);
  }

  /** Shows how many circuits are open, in the whole platform, whenever the metrics are read. */
  watchGates(gates: { readonly openCount: number }): void {
    const open: Shown = this.registry.gauge({
      name: 'bellhop_circuits_open',
      help: 'Subscriptions whose circuit is open or half-open, of all processes together.',
      collect: () => open.set(gates.openCount),
    });
  }

  /** Shows whether the broker takes messages whenever the metrics are read. */
  watchBroker(broker: { readonly isBlocked: boolean }): void {
    const blocked: Shown = this.registry.gauge({
      name: 'bellhop_broker_blocked',
      help: 'Whether RabbitMQ takes no messages for want of memory or disk; dispatchers fetch deliveries from PostgreSQL then.',
      collect: () => blocked.set(broker.isBlocked ? 1 : 0),
    });
  }

  /** Shows how far the clocks are apart whenever the metrics are read. */
  watchClock(clock: { readonly ownAheadMs: number }): void {
    const ahead: Shown = this.registry.gauge({
      name: 'bellhop_clock_ahead_seconds',
      help: "How far the clock of this process is ahead of PostgreSQL's. Receivers refuse signatures from minutes away.",
      collect: () => ahead.set(clock.ownAheadMs / 1000),
    });
  }

  /** Shows how far our clock is from the receivers' whenever the metrics are read. */
  watchReceiversClock(clock: { readonly ownAheadMs: number | null }): void {
    const ahead: Shown = this.registry.gauge({
      name: 'bellhop_clock_ahead_of_receivers_seconds',
      help: "How far the clock of this process is ahead of the receivers', by the median of their answers; 0 if unknown.",
      collect: () => ahead.set((clock.ownAheadMs ?? 0) / 1000),
    });
  }

  /** Shows what a dispatcher has in its hands whenever the metrics are read. */
  watchDispatcher(dispatcher: { readonly backlog: number; readonly flying: number }): void {
    const flying: Shown = this.registry.gauge({
      name: 'bellhop_deliveries_in_flight',
      help: 'Requests that wait for a receiver.',
      collect: () => flying.set(dispatcher.flying),
    });
    const waiting: Shown = this.registry.gauge({
      name: 'bellhop_deliveries_waiting',
      help: 'Deliveries in this process that wait for a slot.',
      collect: () => waiting.set(dispatcher.backlog),
    });
  }
}
