import { readdir, readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { eventually } from '../support/eventually.js';
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

  /** Resolves when it stands still: threads on other processors go on for a moment after the signal, and may confirm. */
  async freeze(): Promise<void> {
    process.kill(this.rabbit.pid, 'SIGSTOP');
    const threads = `/proc/${this.rabbit.pid}/task`;
    await eventually(async () => {
      for (const thread of await readdir(threads))
        expect(await readFile(`${threads}/${thread}/stat`, 'utf8')).toMatch(/\) T /);
    });
  }
}
