import { type BrokerMessage, type Disposition, type MessageBroker, QUEUES } from '#libs/messaging';

/** Keeps what a handler was given. */
export class Seen {
  readonly bodies: string[] = [];
  readonly redelivered: boolean[] = [];
  private readonly times: number[] = [];

  /** Answers in turn; the last answer repeats. */
  answering(...dispositions: Disposition[]): (message: BrokerMessage) => Promise<Disposition> {
    let turn = 0;
    return ({ body, redelivered }) => {
      this.bodies.push(body.toString());
      this.redelivered.push(redelivered);
      this.times.push(performance.now());
      const answer = dispositions[Math.min(turn, dispositions.length - 1)];
      turn += 1;
      return Promise.resolve(answer ?? 'ack');
    };
  }

  get gapsMs(): number[] {
    return this.times.slice(1).map((time, index) => time - (this.times[index] ?? 0));
  }
}

/** A handler that waits until it is let through. */
export class Gate {
  running = 0;
  most = 0;
  finished = 0;
  private permits = 0;
  private readonly waiting: (() => void)[] = [];

  readonly handler = async (): Promise<Disposition> => {
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    if (this.permits === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.permits -= 1;
    this.running -= 1;
    this.finished += 1;
    return 'ack';
  };

  openFor(count: number): void {
    const released = this.waiting.splice(0, count);
    this.permits += count - released.length;
    for (const release of released) release();
  }
}

/** Sorts as text, so the numbers are padded. */
export function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `message ${String(index).padStart(6, '0')}`);
}

/** All at once, to the deliveries. */
export async function publishAll(broker: MessageBroker, bodies: readonly string[]): Promise<void> {
  await Promise.all(bodies.map((body) => broker.publish(QUEUES.deliveries, Buffer.from(body))));
}

export function sorted(bodies: readonly string[]): string[] {
  return bodies.toSorted();
}
