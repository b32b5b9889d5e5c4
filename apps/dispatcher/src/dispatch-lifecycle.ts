import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AppConfig } from '#libs/config';
import { DeliveryWorker, Feeder, IntakeWorker, Maintenance } from '#libs/deliveries';
import { OutboxRelay } from '#libs/outbox';
import { Leases, Reverification } from '#libs/subscriptions';

/** The parts that move events in a dispatcher process. */
@Injectable()
export class MovingParts {
  constructor(
    readonly relay: OutboxRelay,
    readonly intake: IntakeWorker,
    readonly feeder: Feeder,
    readonly deliveries: DeliveryWorker,
    readonly maintenance: Maintenance,
  ) {}
}

/**
 * Starts the parts from the end of the path to its beginning, so that nothing is fed to what is not there. Stops them
 * side by side: each has the whole grace, and what lies between two of them is in PostgreSQL, with a lease that ends.
 */
@Injectable()
export class DispatchLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly config: AppConfig,
    private readonly parts: MovingParts,
    private readonly reverification: Reverification,
    private readonly leases: Leases,
    private readonly host: HttpAdapterHost,
  ) {}

  /** Once the port listens: a receiver in this very process must not be tried before it can answer. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.host.httpAdapter === null || this.host.httpAdapter === undefined) return this.start();
    // A start that fails is nobody's to catch: it ends the process, which is better than one that sends nothing.
    this.host.listen$.subscribe(() => void this.start());
  }

  private async start(): Promise<void> {
    const { relay, intake, feeder, deliveries, maintenance } = this.parts;
    this.leases.start();
    await deliveries.start();
    feeder.start();
    await intake.start();
    relay.start();
    maintenance.start();
    this.reverification.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    const { relay, intake, feeder, deliveries, maintenance } = this.parts;
    const graceMs = this.config.shutdownMs;
    const feeding = feeder.stop();
    await Promise.all([
      relay.stop(),
      feeding,
      maintenance.stop(),
      this.reverification.stop(),
      this.leases.stop(),
      deliveries.stop(graceMs, feeding),
      intake.stop(graceMs),
    ]);
  }
}
