import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { DeliveryWorker, Feeder, IntakeWorker, Maintenance } from '#libs/deliveries';
import { OutboxRelay } from '#libs/outbox';

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

/** Starts the parts from the end of the path to its beginning, and stops them from its beginning to the end. */
@Injectable()
export class DispatchLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly config: AppConfig,
    private readonly parts: MovingParts,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { relay, intake, feeder, deliveries, maintenance } = this.parts;
    await deliveries.start();
    feeder.start();
    await intake.start();
    relay.start();
    maintenance.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    const { relay, intake, feeder, deliveries, maintenance } = this.parts;
    const graceMs = this.config.shutdownMs;
    await Promise.all([
      relay.stop(),
      feeder.stop(),
      maintenance.stop(),
      deliveries.stop(graceMs),
      intake.stop(graceMs),
    ]);
  }
}
