import { Injectable, Logger } from '@nestjs/common';
import { Database } from '#libs/database';
import { RoundLoop, WakeSignal } from '#libs/kernel';
import { MessageBroker, QUEUES } from '#libs/messaging';
import { type EventFrame, packEvents } from './event-frames.js';
import { claimRows, releaseRows } from './outbox-rows.query.js';
import { outboxSchemas } from './outbox-schemas.js';
import { OUTBOX_CHANNEL } from './publisher.js';

/** How the relay paces itself; tests shorten the lease. */
export class RelayOptions {
  /** Much longer than intake needs; after it an event that was published but not accepted is published again. */
  leaseMs = 30_000;
  /** A missed notification costs at most this. */
  pollMs = 1000;
  maxBackoffMs = 5000;
  batchRows = 500;
  batchBytes = 8 * 1024 * 1024;
  /** Above this many waiting messages rows stay in PostgreSQL: a queue must not be the place for a backlog. */
  maxQueuedMessages = 100;
  fullQueuePauseMs = 50;
}

/** Carries committed events from the outboxes to the broker: each at least once, none skipped, none early. */
@Injectable()
export class OutboxRelay {
  private readonly logger = new Logger(OutboxRelay.name);
  private readonly signal = new WakeSignal();
  private readonly loop = new RoundLoop(this.signal, () => this.round());
  private isListening = false;

  constructor(
    private readonly database: Database,
    private readonly broker: MessageBroker,
    private readonly options: RelayOptions,
  ) {}

  /** Starts relaying; returns at once, whether or not database and broker are there yet. */
  start(): void {
    this.loop.start();
  }

  /** Claims nothing more, waits for the confirms of what is being published, gives back the rest. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** One look at every outbox; answers how long to rest. */
  private async round(): Promise<number> {
    try {
      await this.listen();
      if (this.isQueueFull()) return this.options.fullQueuePauseMs;
      const relayed = await this.relayAll();
      if (this.loop.outage.succeeded()) this.logger.log('The outbox relay works again.');
      return relayed > 0 ? 0 : this.options.pollMs;
    } catch (error) {
      return this.noteFailure(error);
    }
  }

  private async listen(): Promise<void> {
    if (this.isListening) return;
    await this.database.listen(OUTBOX_CHANNEL, () => this.wakeUnlessFailing());
    this.isListening = true;
  }

  /** During an outage every commit would otherwise cut the pause short. */
  private wakeUnlessFailing(): void {
    if (!this.loop.outage.isOn) this.signal.wake();
  }

  private isQueueFull(): boolean {
    return this.broker.depth(QUEUES.events) >= this.options.maxQueuedMessages;
  }

  private async relayAll(): Promise<number> {
    let relayed = 0;
    for (const schema of outboxSchemas) {
      if (!this.loop.isStopping) relayed += await this.relayBatch(schema);
    }
    return relayed;
  }

  private async relayBatch(schema: string): Promise<number> {
    // Without this question an outage would lease and release the same rows over and over.
    if (!this.broker.isReady()) throw new Error('the broker is not connected');
    const claimedAt = performance.now();
    const { rows, leaseUntil } = await claimRows(this.database, schema, {
      rows: this.options.batchRows,
      bytes: this.options.batchBytes,
      leaseMs: this.options.leaseMs,
    });
    const failed = await this.publishAll(packEvents(schema, rows), claimedAt + this.options.leaseMs / 2);
    if (failed.length === 0) return rows.length;
    const ids = failed.flatMap(({ frame }) => frame.ids);
    await releaseRows(this.database, schema, { ids, leaseUntil });
    throw failed[0]?.error;
  }

  /** No transaction is open here. A frame is not begun late in its lease, when another relay may soon hold its rows. */
  private async publishAll(frames: readonly EventFrame[], notAfter: number): Promise<FailedFrame[]> {
    const outcomes = await Promise.all(
      frames.map(async (frame): Promise<FailedFrame | null> => {
        try {
          if (performance.now() > notAfter)
            throw new Error('the lease was half over before publishing began');
          await this.broker.publish(QUEUES.events, frame.body);
          return null;
        } catch (error) {
          return { frame, error };
        }
      }),
    );
    return outcomes.filter((outcome) => outcome !== null);
  }

  /** Logs an outage once, not once a try, and answers how long to pause. */
  private noteFailure(error: unknown): number {
    if (this.loop.outage.failed()) {
      const cause = error instanceof Error ? error.message : String(error);
      this.logger.warn(`Events wait in the outbox until this ends: ${cause}`);
    }
    return this.loop.outage.pauseMs(this.options.maxBackoffMs);
  }
}

interface FailedFrame {
  readonly frame: EventFrame;
  readonly error: unknown;
}
