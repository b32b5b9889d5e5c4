import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Database } from '#libs/database';
import { SingleFlight } from '#libs/kernel';
import type { Target } from '#libs/subscriptions';
import { EngineMetrics } from '../engine-metrics.js';
import { OPEN_CIRCUITS } from './gate.sql.js';

/** Notifications may be lost; a circuit that opened or closed is noticed within this time anyway. */
const POLL_MS = 5_000;

/** `opened` and `closed` name the subscriptions whose circuit changed. */
export type OnGatesMoved = (opened: readonly string[], closed: readonly string[]) => void;

/**
 * Which circuits are open, in memory: a copy that may be some milliseconds old. The gate itself is a row in PostgreSQL,
 * and the feeder's claim asks that row; so a copy that is late costs a detour, never a request too many.
 */
@Injectable()
export class Gates implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(Gates.name);
  private readonly reading = new SingleFlight(() => this.read());
  private readonly listeners: OnGatesMoved[] = [];
  /** Open as far as this process knows, while PostgreSQL is being told. */
  private readonly assumed = new Set<string>();
  private open: ReadonlySet<string> = new Set();
  private poll: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(
    private readonly database: Database,
    metrics: EngineMetrics,
  ) {
    metrics.watchGates(this);
  }

  async onModuleInit(): Promise<void> {
    await this.database.listen('bellhop_gate', () => this.refreshInBackground());
    await this.refresh();
    this.poll = setInterval(() => this.refreshInBackground(), POLL_MS);
    this.poll.unref();
  }

  onModuleDestroy(): void {
    this.isStopping = true;
    clearInterval(this.poll);
  }

  /** Whether a new delivery may go straight to a dispatcher; if not, its row waits in PostgreSQL for the feeder. */
  isPushable({ id, rateLimitPerSecond }: Target): boolean {
    return rateLimitPerSecond === null && !this.isOpen(id);
  }

  /** Whether this subscription's circuit is open or half-open: nothing may be sent but a probe. */
  isOpen(subscriptionId: string): boolean {
    return this.open.size > 0 && this.open.has(subscriptionId);
  }

  /** How many circuits are open or half-open. */
  get openCount(): number {
    return this.open.size;
  }

  /** Takes a circuit for open from now on, until `confirm`. */
  assumeOpen(subscriptionId: string): void {
    this.assumed.add(subscriptionId);
    this.become(new Set([...this.open, subscriptionId]));
  }

  /** PostgreSQL was told, or could not be: what it says counts. */
  async confirm(subscriptionIds: readonly string[]): Promise<void> {
    subscriptionIds.forEach((id) => this.assumed.delete(id));
    await this.refresh();
  }

  /** Calls `listener` after each change. */
  onMoved(listener: OnGatesMoved): void {
    this.listeners.push(listener);
  }

  /** Resolves when everything committed before the call is in the answers. */
  refresh(): Promise<void> {
    return this.reading.run();
  }

  private async read(): Promise<void> {
    const rows = await this.database.query<{ subscription_id: string }>(OPEN_CIRCUITS);
    this.become(new Set([...rows.map(({ subscription_id }) => subscription_id), ...this.assumed]));
  }

  private become(now: ReadonlySet<string>): void {
    const before = this.open;
    this.open = now;
    const opened = [...now].filter((id) => !before.has(id));
    const closed = [...before].filter((id) => !now.has(id));
    if (opened.length === 0 && closed.length === 0) return;
    for (const listener of this.listeners) listener(opened, closed);
  }

  private refreshInBackground(): void {
    if (this.isStopping) return;
    this.refresh().catch((error: unknown) =>
      this.logger.warn(`The gates cannot be read now: ${String(error)}`),
    );
  }
}
