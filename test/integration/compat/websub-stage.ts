import { expect } from 'vitest';
import { type HubCall, WebSubDouble } from '../../support/doubles/websub.double.js';
import { eventually } from '../../support/eventually.js';
import { FacadeStage } from './facade-stage.js';

export interface TopicShown {
  readonly id: string;
  readonly url: string;
  readonly hub: string;
}

export interface FollowerShown {
  readonly id: string;
  readonly url: string;
  readonly status: string;
  readonly secrets: readonly object[];
  readonly topicId: string;
  readonly leaseUntil: string;
  readonly profileConfig: Record<string, unknown>;
}

/** A hub, and for each test a subscriber and a topic. */
export class WebSubStage {
  subscriber!: WebSubDouble;
  topic!: TopicShown;

  private constructor(readonly stage: FacadeStage) {}

  static async start(): Promise<WebSubStage> {
    return new WebSubStage(await FacadeStage.start());
  }

  stop(): Promise<void> {
    return this.stage.stop();
  }

  async begin(): Promise<void> {
    this.subscriber = await WebSubDouble.start();
    this.topic = await this.makeTopic();
  }

  async end(): Promise<void> {
    await this.stage.api.call('DELETE', `/v1/topics/${this.topic.id}`);
    await this.subscriber.stop();
  }

  /** Its URL is at the port, so that a subscriber can reach it. */
  async makeTopic(wish: object = { eventTypes: ['guestbook.*'] }): Promise<TopicShown> {
    const headers = { host: new URL(this.stage.origin).host };
    const made = await this.stage.api.call('POST', '/v1/topics', { body: wish, headers });
    expect(made.status, made.text).toBe(201);
    return made.json<TopicShown>();
  }

  /** The subscriptions to the topic. */
  async followers(): Promise<FollowerShown[]> {
    const list = await this.stage.api.call('GET', '/v1/subscriptions?limit=250');
    const { data } = list.json<{ data: FollowerShown[] }>();
    return data.filter(({ topicId }) => topicId === this.topic.id);
  }

  /** Subscribes, and waits until it is. */
  async subscribed(call: HubCall = {}): Promise<FollowerShown> {
    const answer = await this.subscriber.follow(this.topic.url, call);
    expect(answer.status, await answer.text()).toBe(202);
    return eventually(async () => {
      const [found] = await this.followers();
      expect(found?.status).toBe('active');
      return found as FollowerShown;
    });
  }

  async challenges(id: string): Promise<{ purpose: string; outcome: string }[]> {
    const log = await this.stage.api.call('GET', `/v1/subscriptions/${id}/challenges`);
    const { data } = log.json<{ data: { purpose: string; outcome: string }[] }>();
    return data.map(({ purpose, outcome }) => ({ purpose, outcome }));
  }

  /** Waits until the last question has failed, and for as long as it takes to subscribe somebody else after that. */
  async refused(): Promise<void> {
    await eventually(async () => {
      const [row] = await this.stage.engine.db.query<{ outcome: string; transcript: unknown[] }>(
        'SELECT outcome, transcript FROM challenge ORDER BY id DESC LIMIT 1',
      );
      expect(row).toMatchObject({ outcome: 'failed', transcript: [{}] });
    });
    const other = await WebSubDouble.start();
    await other.follow(this.topic.url);
    const id = await eventually(async () => {
      const found = (await this.followers()).find(({ url }) => url === other.callback);
      expect(found).toBeDefined();
      return found?.id;
    });
    await this.stage.api.call('DELETE', `/v1/subscriptions/${id}`);
    await eventually(() => expect(other.denials).toHaveLength(1));
    await other.stop();
  }
}
