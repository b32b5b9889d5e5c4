import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { SubscriptionDirectory } from '#libs/subscriptions';
import { Engine } from './engine.js';

/** Two dispatchers of one platform: whatever one of them learns, the other must obey. Each test begins with no subscription. */
export class TwoEngines {
  engine!: Engine;
  twin!: Engine;

  constructor() {
    beforeAll(async () => {
      this.engine = await Engine.start();
      this.twin = await Engine.start({ ...this.engine.database, drop: async () => undefined });
    });
    afterAll(async () => {
      await this.twin.stop();
      await this.engine.stop();
    });
    beforeEach(() => {
      this.engine.receiver.requests.length = 0;
    });
    afterEach(() => this.engine.db.query('UPDATE subscription SET deleted_at = now()'));
  }

  /** Both know what the database says now. */
  async refresh(): Promise<void> {
    for (const { app } of [this.engine, this.twin]) await app.get(SubscriptionDirectory).refresh();
  }
}
