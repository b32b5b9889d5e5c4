import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { type BrokerMessage, type Consumer, type Disposition, MessageBroker, QUEUES } from '#libs/messaging';
import { FrameError } from '#libs/events';
import { EngineMetrics } from '../engine-metrics.js';
import { HandOff } from '../hand-off.js';
import { Settler } from '../settle/settler.js';
import { DeliveryFrame, type LeasedDelivery } from './delivery-frame.js';
import { Dispatcher } from './dispatcher.js';
import { FrameReceipt } from './frame-receipt.js';
import type { Origin } from './lane.js';
import { SeenFrames } from './seen-frames.js';

/**
 * Messages in hand at once. A message is done when the last of its deliveries is, so the window must be wide enough
 * that those of a slow subscription do not close it before they are parked.
 */
const PREFETCH = 400;
/** Beyond the grace of a stop, to write down what is given back then. */
const GIVE_BACK_MS = 2000;

/** Takes deliveries from the broker and the feeder, and sees that each one's fate is recorded before they are done. */
@Injectable()
export class DeliveryWorker {
  private readonly logger = new Logger(DeliveryWorker.name);
  private consumer: Consumer | null = null;
  /** What the feeder brought and is not done yet. */
  private readonly fed = new Set<Promise<void>>();
  private readonly seen = new SeenFrames();

  constructor(
    private readonly broker: MessageBroker,
    private readonly dispatcher: Dispatcher,
    private readonly settler: Settler,
    private readonly handOff: HandOff,
    private readonly metrics: EngineMetrics,
  ) {}

  async start(): Promise<void> {
    this.dispatcher.start();
    this.metrics.watchDispatcher(this.dispatcher);
    this.consumer = await this.broker.consume(QUEUES.deliveries, (message) => this.handle(message), {
      prefetch: PREFETCH,
    });
    this.handOff.setLocalDispatcher(true);
  }

  /**
   * Takes nothing more, gives back what waits, finishes what is in flight within the grace, and gives back the rest.
   * `feeding` resolves when the feeder brings nothing more.
   */
  async stop(graceMs: number, feeding = Promise.resolve()): Promise<void> {
    this.handOff.setLocalDispatcher(false);
    this.dispatcher.stop();
    const patience = setTimeout(() => this.dispatcher.abandon(), graceMs);
    const withinMs = graceMs + GIVE_BACK_MS;
    const fed = feeding.then(() => Promise.all(this.fed));
    await Promise.all([
      this.consumer?.stop(withinMs),
      Promise.race([fed, pause(withinMs, undefined, { ref: false })]),
    ]);
    clearTimeout(patience);
    this.consumer = null;
    await this.settler.drain();
  }

  /** Takes what was claimed for this process. What cannot be recorded falls due again when its lease is over. */
  take(deliveries: readonly LeasedDelivery[], origin: Origin): void {
    if (deliveries.length === 0) return;
    const done = this.dispatchAll(deliveries, origin)
      .catch((error: unknown) =>
        this.logger.error(`Deliveries wait for the end of their lease: ${String(error)}`),
      )
      .finally(() => this.fed.delete(done));
    this.fed.add(done);
  }

  private async handle(message: BrokerMessage): Promise<Disposition> {
    // An object never left this process, and so there is only one of it.
    if (message.content instanceof DeliveryFrame) return this.finish(message.content);
    const frame = readable(message.body);
    if (frame instanceof FrameError) return { deadLetter: frame.message };
    if (!this.seen.isNew(frame.key, performance.now())) return 'ack';
    try {
      return message.redelivered ? await this.goOn(frame) : await this.finish(frame);
    } catch (error) {
      this.seen.forget(frame.key);
      throw error;
    }
  }

  private async finish(frame: DeliveryFrame): Promise<Disposition> {
    await this.dispatchAll(frame.deliveries, 'intake');
    if (frame.leaseId !== null) this.settler.finish(frame.leaseId);
    return 'ack';
  }

  /**
   * Another worker had it, which may have got far before it lost the broker or died: its POSTs are not made again. What
   * is left out is settled, or its lease is over and only the row of the lease still knows of it; so that row stays.
   */
  private async goOn(frame: DeliveryFrame): Promise<Disposition> {
    const left = frame.only(await this.settler.stillLeased(frame.deliveries));
    if (left.deliveries.length === frame.deliveries.length) return this.finish(frame);
    await this.dispatchAll(left.deliveries, 'intake');
    return 'ack';
  }

  private dispatchAll(deliveries: readonly LeasedDelivery[], origin: Origin): Promise<void> {
    return new Promise((resolve, reject) => {
      const receipt = new FrameReceipt(deliveries.length, resolve, reject);
      for (const delivery of deliveries) this.dispatcher.dispatch(delivery, receipt, origin);
    });
  }
}

function readable(body: Buffer): DeliveryFrame | FrameError {
  try {
    return DeliveryFrame.decode(body);
  } catch (error) {
    if (error instanceof FrameError) return error;
    throw error;
  }
}
