import { Injectable, Logger } from '@nestjs/common';
import { type BrokerMessage, type Consumer, type Disposition, MessageBroker, QUEUES } from '#libs/messaging';
import { Clock } from '../clock.js';
import { EventIntake } from './event-intake.js';
import { readIncoming, UnreadableMessage } from './incoming-events.js';

/** Messages in hand at once; intake gathers what they bring into few transactions. */
const PREFETCH = 200;

/** Takes events from the broker; a message is done when its events are durable. */
@Injectable()
export class IntakeWorker {
  private readonly logger = new Logger(IntakeWorker.name);
  private consumer: Consumer | null = null;

  constructor(
    private readonly broker: MessageBroker,
    private readonly intake: EventIntake,
    private readonly clock: Clock,
  ) {}

  async start(): Promise<void> {
    this.consumer = await this.broker.consume(QUEUES.events, (message) => this.handle(message), {
      prefetch: PREFETCH,
    });
  }

  async stop(graceMs: number): Promise<void> {
    await this.consumer?.stop(graceMs);
    this.consumer = null;
    await this.intake.drain();
  }

  private async handle({ body }: BrokerMessage): Promise<Disposition> {
    try {
      await this.intake.accept(readIncoming(body, this.clock.now()));
      return 'ack';
    } catch (error) {
      if (!(error instanceof UnreadableMessage)) throw error;
      this.logger.warn(`A message of the events queue is put aside: ${error.message}`);
      return { deadLetter: error.message };
    }
  }
}
