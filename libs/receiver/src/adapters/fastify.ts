import type { Receiver } from '../receiver.js';
import type { Answer } from '../request.js';
import { flatHeaders } from './flat-headers.js';

interface FastifyLikeRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body?: unknown;
  readonly rawBody?: unknown;
}

interface FastifyLikeReply {
  code(status: number): this;
  headers(headers: Record<string, string>): this;
  send(body: string): unknown;
}

interface FastifyLike {
  removeAllContentTypeParsers(): void;
  addContentTypeParser(type: '*', options: { parseAs: 'buffer'; bodyLimit: number }, parser: never): unknown;
  route(route: {
    method: string[];
    url: string;
    handler: (request: FastifyLikeRequest, reply: FastifyLikeReply) => Promise<void>;
  }): unknown;
}

/**
 * A Fastify plugin: `app.register(fastifyReceiver(receiver), { prefix: '/hook' })`. Inside of it every body is bytes;
 * the rest of the application parses as before.
 */
export function fastifyReceiver(receiver: Receiver) {
  return async (app: FastifyLike): Promise<void> => {
    app.removeAllContentTypeParsers();
    const options = { parseAs: 'buffer', bodyLimit: receiver.maxBodyBytes } as const;
    app.addContentTypeParser('*', options, keepBytes as never);
    const handler = async (request: FastifyLikeRequest, reply: FastifyLikeReply): Promise<void> => {
      await send(await receiver.receive(incoming(request, request.body)), reply);
    };
    app.route({ method: ['GET', 'POST', 'OPTIONS'], url: '/', handler });
  };
}

function keepBytes(_request: unknown, body: Buffer, done: (error: null, body: Buffer) => void): void {
  done(null, body);
}

function incoming({ method, url, headers }: FastifyLikeRequest, body: unknown) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  return { method, url, headers: flatHeaders(Object.entries(headers)), body: bytes };
}

async function send({ status, headers, body }: Answer, reply: FastifyLikeReply): Promise<void> {
  await reply
    .code(status)
    .headers({ ...headers })
    .send(body);
}
