import { type Channel, type ChannelModel, connect, type GetMessage } from 'amqplib';
import { DEAD_LETTER_REASON, DEAD_LETTERS, type QueueName } from '#libs/messaging';

/** The queues of one platform, seen and touched from outside, as an operator or another program could. */
export class Queues {
  private constructor(
    private readonly model: ChannelModel,
    private readonly channel: Channel,
  ) {}

  static async open(url: string): Promise<Queues> {
    const model = await connect(url);
    model.on('error', () => undefined);
    const channel = await model.createConfirmChannel();
    channel.on('error', () => undefined);
    return new Queues(model, channel);
  }

  /** Messages that wait for a consumer. */
  async waiting(queue: string): Promise<number> {
    return (await this.channel.checkQueue(queue)).messageCount;
  }

  /** Whether anybody consumes it. */
  async consumers(queue: QueueName): Promise<number> {
    return (await this.channel.checkQueue(queue)).consumerCount;
  }

  /** In this order. */
  async put(queue: QueueName, bodies: readonly Buffer[]): Promise<void> {
    const confirms = this.channel as Channel & { waitForConfirms(): Promise<void> };
    for (const body of bodies) this.channel.publish('', queue, body, { persistent: true });
    await confirms.waitForConfirms();
  }

  /** Takes all that waits out of a queue. */
  async takeAll(queue: string): Promise<GetMessage[]> {
    const taken: GetMessage[] = [];
    for (;;) {
      const message = await this.channel.get(queue, { noAck: true });
      if (message === false) return taken;
      taken.push(message);
    }
  }

  /** The reasons of the dead letters, which are gone then. */
  async takeDeadReasons(): Promise<string[]> {
    const dead = await this.takeAll(DEAD_LETTERS);
    return dead.map(({ properties }) => String(properties.headers?.[DEAD_LETTER_REASON] ?? ''));
  }

  async delete(queue: QueueName): Promise<void> {
    await this.channel.deleteQueue(queue);
  }

  async purge(queue: QueueName): Promise<void> {
    await this.channel.purgeQueue(queue);
  }

  async close(): Promise<void> {
    await this.model.close().catch(() => undefined);
  }
}
