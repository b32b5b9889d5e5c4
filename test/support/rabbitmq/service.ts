import { startRabbit } from './rabbit-server.js';

/**
 * Vitest global setup: one RabbitMQ for the whole run, named by TEST_AMQP_URL. Several projects may name this file;
 * whichever comes first does the work, and undoes it at the end. Files share it by prefixes of their own.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TEST_AMQP_URL) return undefined;
  const server = await startRabbit();
  process.env.TEST_AMQP_URL = server.url;
  return async () => {
    delete process.env.TEST_AMQP_URL;
    await server.stop();
  };
}
