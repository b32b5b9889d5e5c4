import { connect, type Socket } from 'node:net';
import { type RawResponse, ResponseReader } from './response-reader.js';

interface Underway {
  readonly bytes: Buffer;
  readonly resolve: (response: RawResponse) => void;
  readonly reject: (error: Error) => void;
}

/** Opened at once: what a server has not taken from its queue yet is far below what the queue holds. */
const OPENED_AT_ONCE = 64;

/**
 * Kept connections to one server, one request on each at a time. An HTTP client of general use takes several times the
 * CPU, and on a small machine the platform would have that less.
 */
export class Connections {
  private readonly idle: Connection[] = [];
  private readonly all = new Set<Connection>();
  private readonly waiting: Underway[] = [];

  constructor(
    private readonly url: URL,
    private readonly limit: number,
  ) {}

  /**
   * Opens all of them, and sends this request on each. An application that has been publishing for a while has its
   * connections; opened in a stall, they would cost the server as much again just then.
   */
  async fill(bytes: Buffer): Promise<void> {
    for (let left = this.limit; left > 0; left -= OPENED_AT_ONCE) {
      const opened = Array.from({ length: OPENED_AT_ONCE }, () => this.open()).filter((one) => one !== null);
      const answered = (connection: Connection): Promise<RawResponse> =>
        new Promise((resolve, reject) => connection.send({ bytes, resolve, reject }));
      await Promise.all(opened.map(answered));
    }
  }

  /** Sends a whole request, head and body, and gives its response. */
  request(bytes: Buffer): Promise<RawResponse> {
    return new Promise((resolve, reject) => {
      const underway = { bytes, resolve, reject };
      const connection = this.idle.pop() ?? this.open();
      if (connection === null) this.waiting.push(underway);
      else connection.send(underway);
    });
  }

  close(): void {
    for (const connection of this.all) connection.end();
  }

  private open(): Connection | null {
    if (this.all.size >= this.limit) return null;
    const connection: Connection = new Connection(connect(Number(this.url.port), this.url.hostname), {
      free: () => this.reuse(connection),
      gone: () => this.forget(connection),
    });
    this.all.add(connection);
    return connection;
  }

  private reuse(connection: Connection): void {
    const next = this.waiting.shift();
    if (next === undefined) this.idle.push(connection);
    else connection.send(next);
  }

  private forget(connection: Connection): void {
    this.all.delete(connection);
    const index = this.idle.indexOf(connection);
    if (index >= 0) this.idle.splice(index, 1);
    const next = this.waiting.shift();
    if (next !== undefined) this.open()?.send(next);
  }
}

class Connection {
  private readonly reader = new ResponseReader();
  private underway: Underway | null = null;

  constructor(
    private readonly socket: Socket,
    private readonly tell: { free(): void; gone(): void },
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.tell.gone();
      this.underway?.reject(new Error('the connection was closed'));
    });
  }

  send(underway: Underway): void {
    this.underway = underway;
    this.socket.write(underway.bytes);
  }

  end(): void {
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    const response = this.reader.push(chunk);
    if (response === null) return;
    const { underway } = this;
    // Nobody asked: a server that gives up waiting for a request says so, and closes.
    if (underway === null) return this.end();
    this.underway = null;
    this.tell.free();
    underway.resolve(response);
  }
}
