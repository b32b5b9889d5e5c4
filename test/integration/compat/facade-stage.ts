import type { AddressInfo } from 'node:net';
import { ApiFixture } from '../api/api-fixture.js';
import { Engine } from '../deliveries/engine.js';

/** The API on a port of its own, and a dispatcher on the same database. */
export class FacadeStage {
  private constructor(
    readonly api: ApiFixture,
    readonly engine: Engine,
    readonly origin: string,
  ) {}

  static async start(env: Readonly<Record<string, string>> = {}): Promise<FacadeStage> {
    const api = await ApiFixture.start(env);
    await api.app.listen(0, '127.0.0.1');
    const { port } = api.app.getHttpServer().address() as AddressInfo;
    const url = api.config.database.url ?? '';
    const engine = await Engine.start({ url, drop: () => Promise.resolve() });
    return new FacadeStage(api, engine, `http://127.0.0.1:${port}`);
  }

  async stop(): Promise<void> {
    await this.engine.stop();
    await this.api.stop();
  }

  /** Publishes through the API; returns the event's id. */
  async publish(data: object, type = 'guestbook.entry.created', subject = 'ent_1'): Promise<string> {
    const answer = await this.api.call('POST', '/v1/events', { body: { type, data, subject } });
    return answer.json<{ id: string }>().id;
  }
}
