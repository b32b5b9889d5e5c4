import { Connections } from './connections.js';

export interface Published {
  readonly accepted: number;
  readonly refused: number;
}

export interface Server {
  readonly url: string;
  readonly key: string;
}

/** The whole request for a body, which can be marked as the body alone can. */
export function requestOf({ url, key }: Server, path: string, body: Buffer): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: ${new URL(url).host}`,
    `authorization: Bearer ${key}`,
    'content-type: application/json',
    `content-length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}

/** Sends requests to publish over connections that are kept. */
export class EventPublisher {
  private readonly connections: Connections;

  constructor(
    private readonly server: Server,
    connections: number,
  ) {
    this.connections = new Connections(new URL(server.url), connections);
  }

  /** Opens all its connections before the first event, with the cheapest request that there is. */
  prepare(): Promise<void> {
    const { host } = new URL(this.server.url);
    return this.connections.fill(Buffer.from(`GET /health/live HTTP/1.1\r\nhost: ${host}\r\n\r\n`));
  }

  async one(request: Buffer): Promise<Published> {
    const { status } = await this.connections.request(request);
    return status === 202 ? { accepted: 1, refused: 0 } : { accepted: 0, refused: 1 };
  }

  async batch(request: Buffer, events: number): Promise<Published> {
    const { status, body } = await this.connections.request(request);
    if (status !== 202) return { accepted: 0, refused: events };
    const { data } = JSON.parse(body.toString()) as { data: object[] };
    const accepted = data.filter((item) => 'id' in item).length;
    return { accepted, refused: events - accepted };
  }

  close(): void {
    this.connections.close();
  }
}
