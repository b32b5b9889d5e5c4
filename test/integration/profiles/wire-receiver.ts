import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { eventuallyGives } from '../../support/eventually.js';

/** What to do when a request is complete; `close` ends the connection without a byte, `reset` breaks it. */
export type WireAnswer = 'close' | 'reset' | { readonly text: string; readonly thenHold?: true };

export const OK: WireAnswer = { text: 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n' };

/** A receiver that shows requests as they came over the wire, byte for byte. */
export class WireReceiver {
  readonly requests: string[] = [];
  private readonly sockets = new Set<Socket>();
  private answers: WireAnswer[] = [OK];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<WireReceiver> {
    const server = createServer();
    const receiver = new WireReceiver(server);
    server.on('connection', (socket) => receiver.take(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/in`;
  }

  /** One for each request; the last one stays. */
  answer(...answers: readonly [WireAnswer, ...WireAnswer[]]): void {
    this.answers = [...answers];
    this.requests.length = 0;
  }

  async receives(count: number): Promise<readonly string[]> {
    const describe = (): string => `${this.requests.length} of ${count} requests came`;
    await eventuallyGives(() => this.requests.length >= count, { timeoutMs: 15_000, describe });
    return this.requests;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(socket: Socket): void {
    this.sockets.add(socket);
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1');
      if (!isComplete(text)) return;
      this.requests.push(text);
      text = '';
      this.reply(socket);
    });
  }

  private reply(socket: Socket): void {
    const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    if (answer === 'close') socket.end();
    else if (answer === 'reset') socket.resetAndDestroy();
    else if (answer?.thenHold === true) socket.write(answer.text);
    else socket.end(answer?.text ?? '');
  }
}

/** The head and the body of a request. */
export function parted(request: string): { head: string; body: string } {
  const end = request.indexOf('\r\n\r\n');
  return { head: request.slice(0, end + 2), body: request.slice(end + 4) };
}

/** The value of a header that is spelled exactly so; undefined if there is none. */
export function headerOf(request: string, name: string): string | undefined {
  const line = parted(request)
    .head.split('\r\n')
    .find((one) => one.startsWith(`${name}: `));
  return line?.slice(name.length + 2);
}

/** The bytes in the chunks, or the whole body if it is not chunked. */
export function payloadOf(request: string): Buffer {
  const { head, body } = parted(request);
  const isChunked = /\r\ntransfer-encoding: chunked\r\n/i.test(head);
  const start = isChunked ? body.indexOf('\r\n') + 2 : 0;
  const end = isChunked ? start + Number.parseInt(body, 16) : body.length;
  return Buffer.from(body.slice(start, end), 'latin1');
}

function isComplete(text: string): boolean {
  if (!text.includes('\r\n\r\n')) return false;
  const { head, body } = parted(text);
  if (/\r\ntransfer-encoding: chunked\r\n/i.test(head)) return body.endsWith('0\r\n\r\n');
  return body.length >= Number(/\r\ncontent-length: (\d+)\r\n/i.exec(head)?.[1] ?? 0);
}
