import { randomBytes } from 'node:crypto';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { AmqpBroker, type AmqpBrokerOptions, DEAD_LETTERS, EVENTS_EXCHANGE, QUEUES } from '#libs/messaging';
import { eventually } from '../eventually.js';

/** A corner of a broker that nobody else uses: names with a prefix, and a channel to look and meddle by. */
export class AmqpPlace {
  readonly prefix = `t${randomBytes(4).toString('hex')}.`;
  private readonly brokers: AmqpBroker[] = [];
  private model: ChannelModel | null = null;

  constructor(readonly url: string) {}

  /** A broker of the product's own that is ready. */
  async broker(options: Partial<AmqpBrokerOptions> = {}): Promise<AmqpBroker> {
    const broker = new AmqpBroker({ url: this.url, prefix: this.prefix, ...options });
    this.brokers.push(broker);
    await eventually(() => {
      if (!broker.isReady()) throw new Error('the broker is not ready');
    });
    return broker;
  }

  /** On a fresh connection after each loss; for one use. */
  async channel(): Promise<Channel> {
    const channel = await this.connection().then((model) => model.createChannel());
    channel.on('error', () => undefined);
    return channel;
  }

  /** Puts all dead letters back after reading them. */
  async deadLetters(): Promise<
    { reason: string; body: string; headers: Readonly<Record<string, unknown>> }[]
  > {
    const channel = await this.channel();
    const letters = [];
    for (let letter = await channel.get(this.prefix + DEAD_LETTERS); letter !== false;) {
      const headers: Readonly<Record<string, unknown>> = letter.properties.headers ?? {};
      letters.push({ reason: String(headers['bellhop-reason']), body: letter.content.toString(), headers });
      letter = await channel.get(this.prefix + DEAD_LETTERS);
    }
    await channel.close();
    return letters;
  }

  async close(): Promise<void> {
    await Promise.all(this.brokers.map((broker) => broker.close()));
    const channel = await this.channel();
    for (const queue of [...Object.values(QUEUES), DEAD_LETTERS])
      await channel.deleteQueue(this.prefix + queue);
    await channel.deleteExchange(this.prefix + EVENTS_EXCHANGE);
    await this.model?.close();
  }

  private async connection(): Promise<ChannelModel> {
    if (this.model === null) {
      const model = await connect(this.url);
      model.on('error', () => undefined);
      model.on('close', () => (this.model = null));
      this.model = model;
    }
    return this.model;
  }
}
