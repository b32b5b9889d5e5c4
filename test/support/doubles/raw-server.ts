import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A request as it came over the wire. */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names and values in their order and case. */
  readonly rawHeaders: readonly (readonly [string, string])[];
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The parts of a chunked body; null of any other. */
  readonly chunks: readonly Buffer[] | null;
  readonly hasChunkExtensions: boolean;
}

/** Writes an answer to the socket, byte by byte as the receiver that it stands for would, and closes it. */
export type RawHandler = (request: RawRequest, socket: Socket) => Promise<void> | void;

const HEAD_END = '\r\n\r\n';

/** One request per connection over plain TCP: what a web framework would tidy up stays as it is. */
export class RawServer {
  readonly requests: RawRequest[] = [];
  private constructor(
    private readonly server: Server,
    private readonly sockets: Set<Socket>,
  ) {}

  static async start(handler: RawHandler): Promise<RawServer> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
      collect(socket, (request) => {
        double.requests.push(request);
        void Promise.resolve(handler(request, socket)).catch(() => socket.destroy());
      });
    });
    const double = new RawServer(server, sockets);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return double;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** A receiver that stands on a `RawServer`: where it is, and what came to it. */
export abstract class RawDouble {
  private server: RawServer | null = null;

  /** Path and query of its URL. */
  protected abstract readonly route: string;
  protected abstract handle(request: RawRequest, socket: Socket): Promise<void> | void;

  get url(): string {
    return `${this.listening.origin}${this.route}`;
  }

  get requests(): readonly RawRequest[] {
    return this.listening.requests;
  }

  stop(): Promise<void> {
    return this.listening.stop();
  }

  protected async listen(): Promise<this> {
    this.server = await RawServer.start((request, socket) => this.handle(request, socket));
    return this;
  }

  private get listening(): RawServer {
    if (this.server === null) throw new Error('the double was not started');
    return this.server;
  }
}

function collect(socket: Socket, taken: (request: RawRequest) => void): void {
  let bytes = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
    const request = requestIn(bytes);
    if (request === null) return;
    socket.off('data', onData);
    socket.resume();
    taken(request);
  };
  socket.on('data', onData);
}

/** The request, once all of it has come. */
function requestIn(bytes: Buffer): RawRequest | null {
  const end = bytes.indexOf(HEAD_END);
  if (end === -1) return null;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const [method = '', target = ''] = first.split(' ');
  const rawHeaders = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const headers = Object.fromEntries(rawHeaders.map(([name, value]) => [name.toLowerCase(), value]));
  const rest = bytes.subarray(end + HEAD_END.length);
  const body = headers['transfer-encoding'] === 'chunked' ? chunkedIn(rest) : sizedIn(rest, headers);
  if (body === null) return null;
  const [path = '', query = ''] = target.split('?', 2);
  return { method, target, path, query: new URLSearchParams(query), rawHeaders, headers, ...body };
}

type Body = Pick<RawRequest, 'body' | 'chunks' | 'hasChunkExtensions'>;

function sizedIn(bytes: Buffer, headers: Readonly<Record<string, string>>): Body | null {
  const length = Number(headers['content-length'] ?? 0);
  if (bytes.length < length) return null;
  return { body: bytes.subarray(0, length), chunks: null, hasChunkExtensions: false };
}

function chunkedIn(bytes: Buffer): Body | null {
  const chunks: Buffer[] = [];
  let hasChunkExtensions = false;
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd === -1) return null;
    const line = bytes.toString('latin1', at, lineEnd);
    hasChunkExtensions ||= line.includes(';');
    const size = Number.parseInt(line, 16);
    const from = lineEnd + 2;
    if (bytes.length < from + size + 2) return null;
    if (size === 0) return { body: Buffer.concat(chunks), chunks, hasChunkExtensions };
    chunks.push(bytes.subarray(from, from + size));
    at = from + size + 2;
  }
}
