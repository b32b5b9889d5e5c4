import type { BrokerMessage, MessageHandler } from './message-broker.js';
import { pauseAfter, type RedeliveryPolicy } from './redelivery.js';

/** What becomes of a message after its handler is through with it. */
export type Outcome =
  | { readonly kind: 'ack' }
  | { readonly kind: 'retry'; readonly pauseMs: number; readonly error: Error | null }
  | { readonly kind: 'dead-letter'; readonly reason: string };

const ACK: Outcome = { kind: 'ack' };
/** A reason is a header: RabbitMQ holds headers in memory, and an error may quote a whole payload. */
const MAX_REASON_LENGTH = 300;

/** Judges handlers' answers by one policy, the same for every broker. `deliveries` counts this one too. */
export class OutcomeRules {
  constructor(private readonly policy: RedeliveryPolicy) {}

  /** Runs the handler; never rejects. */
  async run(handler: MessageHandler, message: BrokerMessage, deliveries: number): Promise<Outcome> {
    try {
      const disposition = await handler(message);
      if (disposition === 'ack') return ACK;
      if (disposition === 'requeue') return this.retry(deliveries, null);
      return deadLetter(disposition.deadLetter);
    } catch (error) {
      return this.retry(deliveries, error instanceof Error ? error : new Error(String(error)));
    }
  }

  private retry(deliveries: number, error: Error | null): Outcome {
    if (deliveries < this.policy.limit) {
      return { kind: 'retry', pauseMs: pauseAfter(deliveries, this.policy), error };
    }
    const last = error === null ? 'put back each time' : `the last error was: ${error.message}`;
    return deadLetter(`gave up after ${deliveries} deliveries; ${last}`);
  }
}

function deadLetter(reason: string): Outcome {
  return { kind: 'dead-letter', reason: reason.slice(0, MAX_REASON_LENGTH) };
}
