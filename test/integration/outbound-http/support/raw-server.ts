import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** What to do with the n-th request (from 0) of a connection, once it has come in whole. */
export type Script = (socket: Socket, request: string, index: number) => void;

export interface RawServer {
  readonly port: number;
  /** Every request as text, over all connections. */
  readonly requests: string[];
  readonly connections: Set<Socket>;
  /** Connections accepted since the start. */
  readonly accepted: () => number;
  close(): Promise<void>;
}

export interface RawServerOptions {
  readonly host?: string;
  readonly port?: number;
  readonly tls?: TlsOptions;
  /** Called before any byte is read. */
  readonly onConnection?: (socket: Socket) => void;
}

/** A receiver below HTTP: it can send what no HTTP library would. */
export async function startRawServer(script: Script, options: RawServerOptions = {}): Promise<RawServer> {
  const requests: string[] = [];
  const connections = new Set<Socket>();
  let accepted = 0;
  const onConnection = (socket: Socket): void => {
    accepted++;
    connections.add(socket);
    socket.on('error', () => undefined).on('close', () => connections.delete(socket));
    options.onConnection?.(socket);
    readRequests(socket, (request, index) => {
      requests.push(request);
      script(socket, request, index);
    });
  };
  const server: Server =
    options.tls === undefined ? createServer(onConnection) : createTlsServer(options.tls, onConnection);
  server.on('tlsClientError', () => undefined);
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    for (const socket of connections) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    connections,
    accepted: () => accepted,
    close,
  };
}

function readRequests(socket: Socket, onRequest: (request: string, index: number) => void): void {
  let pending = '';
  let index = 0;
  socket.on('data', (chunk: Buffer) => {
    pending += chunk.toString('latin1');
    for (let end = endOfRequest(pending); end !== -1; end = endOfRequest(pending)) {
      const request = pending.slice(0, end);
      pending = pending.slice(end);
      onRequest(request, index++);
    }
  });
}

function endOfRequest(text: string): number {
  const head = text.indexOf('\r\n\r\n');
  if (head === -1) return -1;
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? 0);
  return text.length >= head + 4 + length ? head + 4 + length : -1;
}

/** Answers every request with these bytes and keeps the connection. */
export function answering(bytes: string | Buffer): Script {
  return (socket) => void socket.write(bytes, 'latin1');
}

/** Answers with these bytes and closes in order. */
export function ending(bytes: string | Buffer): Script {
  return (socket) => void socket.end(bytes, 'latin1');
}

/** Answers with these bytes and resets the connection when they are on their way. */
export function resetting(bytes: string | Buffer): Script {
  return (socket) => void socket.write(bytes, 'latin1', () => setTimeout(() => socket.resetAndDestroy(), 30));
}

/** Sends the start, then one byte more every few milliseconds, for as long as somebody listens. */
export function dripping(start: string, drop = 'x'): Script {
  return (socket) => {
    socket.write(start, 'latin1');
    const timer = setInterval(() => socket.write(drop), 20);
    socket.on('close', () => clearInterval(timer));
  };
}

export const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
