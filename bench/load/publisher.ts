import { Pool } from 'undici';

export interface Published {
  readonly accepted: number;
  readonly refused: number;
}

/** Posts bodies to the platform over connections that are kept. */
export class EventPublisher {
  private readonly pool: Pool;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(platform: { readonly url: string; readonly key: string }, connections: number) {
    this.pool = new Pool(platform.url, { connections, pipelining: 1 });
    this.headers = { authorization: `Bearer ${platform.key}`, 'content-type': 'application/json' };
  }

  async one(body: Buffer): Promise<Published> {
    const response = await this.post('/v1/events', body);
    await response.body.dump();
    return response.statusCode === 202 ? { accepted: 1, refused: 0 } : { accepted: 0, refused: 1 };
  }

  async batch(body: Buffer, events: number): Promise<Published> {
    const response = await this.post('/v1/events/batch', body);
    const text = await response.body.text();
    if (response.statusCode !== 202) return { accepted: 0, refused: events };
    const { data } = JSON.parse(text) as { data: object[] };
    const accepted = data.filter((item) => 'id' in item).length;
    return { accepted, refused: events - accepted };
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  private post(path: string, body: Buffer): ReturnType<Pool['request']> {
    return this.pool.request({ method: 'POST', path, headers: this.headers, body });
  }
}
