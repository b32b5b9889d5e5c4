import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, onTestFailed } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { type Mode, Platform } from '../support/platform/index.js';
import { Receiver, type ReceiverOptions } from '../support/receiver.js';

/** What one test works with: the running platform, and receivers that end with the test. */
export class Stage {
  platform!: Platform;
  api!: ApiClient;
  private readonly receivers: Receiver[] = [];

  async receiver(options: ReceiverOptions = {}): Promise<Receiver> {
    const receiver = await Receiver.start(options);
    this.receivers.push(receiver);
    return receiver;
  }

  /** An event type that no other test uses, known to the platform. */
  async eventType(): Promise<string> {
    const name = `e2e.t${randomBytes(6).toString('hex')}.happened`;
    await this.api.eventType(name);
    return name;
  }

  /** A receiver that is subscribed to an event type of its own. */
  async subscribed(
    fields: object = {},
  ): Promise<{ receiver: Receiver; type: string; subscriptionId: string }> {
    const type = await this.eventType();
    const secret = newSecret();
    const receiver = await this.receiver({ secret });
    const { id } = await this.api.subscribe({ url: receiver.url, eventTypes: [type], secret, ...fields });
    return { receiver, type, subscriptionId: id };
  }

  async clear(): Promise<void> {
    await Promise.all(this.receivers.splice(0).map((receiver) => receiver.stop()));
  }
}

export function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** Tests against the built platform in one mode; on a failure the processes' last words are shown. */
export function describeInMode(mode: Mode, tests: (stage: Stage) => void): void {
  describe(`in ${mode} mode`, () => {
    const stage = new Stage();

    beforeAll(async () => {
      stage.platform = await Platform.start(mode);
      stage.api = new ApiClient(stage.platform.apiUrl, stage.platform.adminKey);
    }, 90_000);
    afterAll(async () => {
      await stage.platform?.stop();
    }, 60_000);
    beforeEach(() => {
      onTestFailed(() => console.log(stage.platform.log));
    });
    afterEach(() => stage.clear());

    tests(stage);
  });
}
