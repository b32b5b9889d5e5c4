import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { AmqpPlace } from '../support/rabbitmq/amqp-place.js';
import { type RabbitServer, startRabbit } from '../support/rabbitmq/index.js';

/** A RabbitMQ of one test file's own, which may be killed, and a corner of it for each test. */
export class OwnRabbit {
  rabbit!: RabbitServer;
  place!: AmqpPlace;

  constructor() {
    beforeAll(async () => {
      this.rabbit = await startRabbit();
    }, 300_000);
    afterAll(() => this.rabbit.stop(), 30_000);
    beforeEach(({ onTestFailed }) => {
      onTestFailed(() => console.error(`RabbitMQ's own log ends with:\n${this.rabbit.lastWords()}`));
      this.place = new AmqpPlace(this.rabbit.url);
    });
    afterEach(() => this.place.close(), 30_000);
  }
}
