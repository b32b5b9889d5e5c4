import { randomBytes } from 'node:crypto';
import { startRabbit } from '../../test/support/rabbitmq/index.js';

/** The RabbitMQ of the run: its own, or the one of AMQP_URL. */
export interface BrokerServer {
  /** Null if it was given: it may run anywhere. */
  readonly pid: number | null;
  /** An address behind which no queue is used by another platform of the run. */
  newPlace(): Promise<string>;
  stop(): Promise<void>;
}

/** Rejects with what to do where RabbitMQ cannot be had. */
export async function startBroker(
  givenUrl: string | undefined,
  note: (line: string) => void,
): Promise<BrokerServer> {
  if (givenUrl) return { pid: null, newPlace: () => Promise.resolve(givenUrl), stop: async () => undefined };
  const rabbit = await startRabbit({ progress: (line) => note(`RabbitMQ: ${line}`) });
  const newPlace = async (): Promise<string> => {
    const name = `bench-${randomBytes(4).toString('hex')}`;
    await rabbit.ctl('add_vhost', name);
    await rabbit.ctl('set_permissions', '-p', name, 'guest', '.*', '.*', '.*');
    return `${rabbit.url}/${name}`;
  };
  return { pid: rabbit.pid, newPlace, stop: () => rabbit.stop() };
}
