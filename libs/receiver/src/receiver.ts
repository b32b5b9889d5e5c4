import type { NewEvent } from './received-event.js';
import { type Answer, emptyAnswer, type IncomingRequest } from './request.js';
import type { Reading, Sender } from './sender.js';
import type { EventStore, Kept } from './stores/event-store.js';
import { MemoryEventStore } from './stores/memory.event-store.js';
import { type Fault, type Work, Worker } from './worker.js';

export interface ReceiverOptions {
  /** Who may send here. One URL listens to one sender. */
  readonly sender: Sender;
  readonly work: Work;
  /** `MemoryEventStore` unless another one is given. */
  readonly store?: EventStore;
  /**
   * `first`: what is kept is acknowledged, and worked on later. `when-done`: the answer waits for the work and a fault
   * is answered with 500, so that the sender tries again; for runtimes that freeze between requests.
   */
  readonly acknowledge?: 'first' | 'when-done';
  /** Events that share a key are worked on one after the other; the sender's choice if left out. */
  readonly keyOf?: (event: NewEvent) => string;
  readonly maxBodyBytes?: number;
  readonly concurrency?: number;
  readonly retryDelaysMs?: readonly number[];
  readonly leaseMs?: number;
  readonly pollMs?: number;
  readonly onRefusal?: (reason: string) => void;
  readonly onFault?: (fault: Fault) => void;
  readonly now?: () => Date;
}

const BUSY_SECONDS = '5';
const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;

/** A subscriber's side of the protocol: verify, answer questions, keep, acknowledge; work later. */
export class Receiver {
  private readonly store: EventStore;
  private readonly worker: Worker;
  private isStopping = false;

  constructor(private readonly options: ReceiverOptions) {
    this.store = options.store ?? new MemoryEventStore();
    this.worker = new Worker({ ...options, store: this.store });
    if (options.acknowledge !== 'when-done') this.worker.start();
  }

  get maxBodyBytes(): number {
    return this.options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
  }

  /** The whole of it: what to answer to a request. Never throws. */
  async receive(request: IncomingRequest): Promise<Answer> {
    if (this.isStopping) return busy();
    if (request.body.length > this.maxBodyBytes) return emptyAnswer(413);
    const reading = this.options.sender.read(request, this.options.now?.() ?? new Date());
    if (reading.kind === 'refused') this.options.onRefusal?.(reading.reason);
    if (reading.kind !== 'events') return reading.answer;
    try {
      return await this.take(reading);
    } catch (error) {
      this.options.onFault?.({ error, event: null, retryAfterMs: null });
      return busy();
    }
  }

  /**
   * Takes nothing more, and ends what is being worked on. A durable store keeps the rest for the next process; what
   * waits in memory is worked on first, as far as the time allows. Resolves with the number of unfinished events.
   */
  async stop({ timeoutMs = 10_000 } = {}): Promise<number> {
    this.isStopping = true;
    return this.worker.stop(timeoutMs);
  }

  private async take({ events, answer }: Extract<Reading, { kind: 'events' }>): Promise<Answer> {
    for (const event of events) {
      const key = this.options.keyOf?.(event) ?? event.key;
      const kept = await this.store.keep({ ...event, key });
      const refusal = kept === 'full' ? busy() : await this.acknowledgement(event.id, kept);
      if (refusal) return refusal;
    }
    return answer;
  }

  private async acknowledgement(id: string, kept: Kept): Promise<Answer | null> {
    if (this.options.acknowledge !== 'when-done') {
      if (kept === 'new') this.worker.wake();
      return null;
    }
    if (kept === 'finished') return null;
    const outcome = await this.worker.workOn(id);
    if (outcome === null) return busy();
    return outcome.isDone ? null : emptyAnswer(500);
  }
}

function busy(): Answer {
  return emptyAnswer(503, { 'retry-after': BUSY_SECONDS });
}
