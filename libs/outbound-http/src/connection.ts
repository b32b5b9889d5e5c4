import type { Socket } from 'node:net';
import { Client, type Dispatcher } from 'undici';

const IDLE_MS = 60_000;
const MAX_HEADER_BYTES = 16_384;

/** undici asks for a second socket when the first one is gone; we open connections ourselves. */
export const CONNECTION_GONE = 'CONNECTION_GONE';

/**
 * One open socket and undici's HTTP/1.1 engine on it. Each connection has an engine of its own, so that an exchange
 * knows on which socket it runs, whether that was used before, and when it may take another one.
 */
export class Connection {
  readonly remoteAddress: string | null;
  /** How many exchanges began on it. */
  uses = 0;
  readonly #client: Client;
  readonly #socket: Socket;

  constructor(
    socket: Socket,
    readonly key: string,
    origin: string,
  ) {
    this.#socket = socket;
    this.remoteAddress = socket.remoteAddress ?? null;
    this.#client = new Client(origin, {
      connect: giveOnce(socket),
      pipelining: 1,
      // The exchange has one deadline for everything; undici's own timers are coarse (half a second).
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    });
  }

  get isAlive(): boolean {
    return !this.#socket.destroyed;
  }

  /** The other side has not yet taken all that we wrote. */
  get hasUnsentBytes(): boolean {
    return this.#socket.writableLength > 0;
  }

  /** Calls back once, when the socket is closed by either side. */
  onceGone(callback: () => void): void {
    this.#socket.once('close', callback);
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.uses++;
    this.#client.dispatch(options, handler);
  }

  /** Closes the socket at once. */
  destroy(): void {
    void this.#client.destroy();
  }
}

type Connect = (options: unknown, callback: (...result: [null, Socket] | [Error, null]) => void) => void;

function giveOnce(socket: Socket): Connect {
  let isGiven = false;
  return (_options, callback) => {
    const result: [null, Socket] | [Error, null] = isGiven ? [connectionGone(), null] : [null, socket];
    isGiven = true;
    // Later, as undici ignores a socket that it is given while it asks for one.
    queueMicrotask(() => callback(...result));
  };
}

function connectionGone(): Error {
  return Object.assign(new Error('The connection is gone.'), { code: CONNECTION_GONE });
}
