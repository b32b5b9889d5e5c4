import { createHash } from 'node:crypto';
import { openSync, readFileSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isVerified } from '../../support/receiver-proof.js';
import { type EndpointSpec, OK, perform } from './behaviour.js';
import type { SinkRecord } from './sink-log.js';

/**
 * The receiver: a process of its own that writes down every request before it answers, so that no kill, of it or of
 * anybody else, can make it forget one. Arguments: log file, file of endpoints, port, control port.
 */
const [logFile = '', specFile = '', port = '', controlPort = ''] = process.argv.slice(2);
const log = openSync(logFile, 'a');
const endpoints = new Map<string, EndpointSpec>(
  Object.entries(JSON.parse(readFileSync(specFile, 'utf8')) as Record<string, EndpointSpec>),
);
const used = new Map<string, number>();

function write(record: SinkRecord): void {
  writeSync(log, `${JSON.stringify(record)}\n`);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const endpoint = (request.url ?? '').slice(1);
  const spec = endpoints.get(endpoint);
  const body = await bodyOf(request);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([k, v]) => [k, String(v)]));
  const id = headers['webhook-id'] ?? '';
  const digest = createHash('sha256').update(body).digest('hex').slice(0, 16);
  const secret = spec?.secret ?? null;
  const verified = secret === null || isVerified(secret, headers, body);
  write({ kind: 'request', at: Date.now(), endpoint, id, digest, isVerified: verified });
  const status = await perform(nextOf(endpoint, spec), response);
  if (status !== null) write({ kind: 'answer', at: Date.now(), endpoint, id, status });
}

function nextOf(endpoint: string, spec: EndpointSpec | undefined): EndpointSpec['plan'][number] {
  const place = used.get(endpoint) ?? 0;
  used.set(endpoint, place + 1);
  return spec?.plan[Math.min(place, spec.plan.length - 1)] ?? OK;
}

/** PUT /<endpoint> with its specification; the plan begins anew. */
async function control(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const endpoint = (request.url ?? '').slice(1);
  endpoints.set(endpoint, JSON.parse((await bodyOf(request)).toString()) as EndpointSpec);
  used.delete(endpoint);
  response.end();
}

createServer((request, response) => void receive(request, response).catch(() => response.destroy()))
  .on('connection', (socket) => socket.on('error', () => socket.destroy()))
  .listen(Number(port), '127.0.0.1');
createServer((request, response) => void control(request, response).catch(() => response.destroy())).listen(
  Number(controlPort),
  '127.0.0.1',
);
