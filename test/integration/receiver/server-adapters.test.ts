import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { All, Controller, Module, Req, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import Fastify from 'fastify';
import { afterEach, describe, expect, test } from 'vitest';
import { answerNest, fastifyReceiver, nodeListener, type NestReply, type NestRequest } from '#libs/receiver';
import { BODY, githubHeaders, recordingReceiver } from './signed-github.js';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

type Subject = ReturnType<typeof recordingReceiver>;
/** Starts a server around a receiver; gives the URL that receives. */
type Start = (subject: Subject) => Promise<string>;

type Listener = (request: ParsedRequest, response: ServerResponse) => void | Promise<void>;
type ParsedRequest = IncomingMessage & { body?: unknown };

async function listen(listener: Listener): Promise<string> {
  const server = createServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

const nodeHttp: Start = ({ receiver }) => listen(nodeListener(receiver));

/** Express gives its handlers Node's own request and response; `express.raw()` has put the bytes in `body`. */
const afterRawParser: Start = ({ receiver }) =>
  listen(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    nodeListener(receiver)(Object.assign(request, { body: Buffer.concat(chunks) }), response);
  });

const fastify: Start = async ({ receiver }) => {
  const app = Fastify();
  app.post('/other', async (request) => ({ parsed: typeof request.body }));
  await app.register(fastifyReceiver(receiver), { prefix: '/hook' });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  closers.push(() => app.close());
  const other = await fetch(`${url}/other`, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });
  expect(await other.json()).toEqual({ parsed: 'object' });
  return `${url}/hook`;
};

const nest: Start = async ({ receiver }) => {
  @Controller('hook')
  class HookController {
    @All()
    async receive(@Req() request: NestRequest, @Res() reply: NestReply): Promise<void> {
      await answerNest(receiver, request, reply);
    }
  }
  @Module({ controllers: [HookController] })
  class HookModule {}
  const options = { rawBody: true, logger: false } as const;
  const app = await NestFactory.create<NestFastifyApplication>(HookModule, new FastifyAdapter(), options);
  await app.listen(0, '127.0.0.1');
  closers.push(() => app.close());
  return `${await app.getUrl()}/hook`;
};

describe.each<[string, Start]>([
  ['node:http', nodeHttp],
  ['a raw parser before it, as in Express', afterRawParser],
  ['Fastify', fastify],
  ['NestJS', nest],
])('%s', (_, start) => {
  const post = (url: string, headers: Record<string, string>, body = BODY): Promise<Response> =>
    fetch(url, { method: 'POST', headers, body });

  test('the bytes arrive as they were signed, and are acknowledged', async () => {
    const subject = recordingReceiver();
    const url = await start(subject);
    expect((await post(url, githubHeaders(BODY))).status).toBe(204);
    await subject.receiver.stop();
    expect(subject.worked).toEqual([BODY]);
  });

  test('what is not signed is refused with a reason', async () => {
    const subject = recordingReceiver();
    const url = await start(subject);
    const response = await post(url, githubHeaders(BODY, 'another secret'));
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toMatchObject({ error: expect.stringContaining('signature') });
    expect(await subject.receiver.stop()).toBe(0);
    expect(subject.worked).toEqual([]);
  });

  test('a query reaches the receiver, and a GET has no body', async () => {
    const subject = recordingReceiver();
    const url = await start(subject);
    const seen: string[] = [];
    subject.receiver.receive = async ({ method, url: target, body }) => {
      seen.push(`${method} ${target} ${body.length}`);
      return { status: 204, headers: {}, body: '' };
    };
    await fetch(`${url}?challenge=a%20b&x=1`);
    expect(seen).toEqual(['GET /hook?challenge=a%20b&x=1 0']);
    await subject.receiver.stop();
  });
});

test('a body over the limit is refused while it is read, with a length and without', async () => {
  const subject = recordingReceiver();
  const url = await nodeHttp(subject);
  const body = 'x'.repeat(5000);
  const chunked = new ReadableStream({
    start: (controller) => {
      controller.enqueue(Buffer.from(body));
      controller.close();
    },
  });
  expect((await fetch(url, { method: 'POST', body })).status).toBe(413);
  const streaming = { method: 'POST', body: chunked, duplex: 'half' } as RequestInit;
  expect((await fetch(url, streaming)).status).toBe(413);
  await subject.receiver.stop();
});

test('a body that another parser has eaten is a fault that says what to do', async () => {
  const subject = recordingReceiver();
  const url = await listen(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
    nodeListener(subject.receiver)(Object.assign(request, { body }), response);
  });
  const response = await fetch(url, { method: 'POST', headers: githubHeaders(BODY), body: BODY });
  expect([response.status, await response.text()]).toEqual([
    500,
    expect.stringContaining('before the parser'),
  ]);
  await subject.receiver.stop();
});

test('a sender that goes away in the middle of its body leaves nothing behind', async () => {
  const subject = recordingReceiver();
  const url = new URL(await nodeHttp(subject));
  const socket = connect(Number(url.port), url.hostname);
  socket.write('POST /hook HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"a":');
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.resetAndDestroy();
  expect((await fetch(url, { method: 'POST', headers: githubHeaders(BODY), body: BODY })).status).toBe(204);
  await subject.receiver.stop();
  expect(subject.worked).toEqual([BODY]);
});
