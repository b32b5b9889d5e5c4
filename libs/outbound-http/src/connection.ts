import type { Socket } from 'node:net';
import type { Inlet } from './inlet.js';
import { writeRequest } from './outlet.js';

/** Whoever has the connection for the time of one request and its response. */
export interface ConnectionListener {
  /** The bytes are only lent: they are overwritten when the call returns. */
  onBytes(bytes: Buffer): void;
  /** The last call: the socket was closed by the other side, in order (null) or not. */
  onLost(error: Error | null): void;
}

/** One open socket, for one exchange at a time. */
export class Connection {
  readonly remoteAddress: string | null;
  /** How many exchanges began on it. */
  uses = 0;
  /** On the clock of `performance.now`: from then on an idle connection is too old. */
  idleUntil = 0;
  #listener: ConnectionListener | null = null;
  #error: Error | null = null;

  constructor(
    readonly key: string,
    private readonly socket: Socket,
    inlet: Inlet,
  ) {
    this.remoteAddress = socket.remoteAddress ?? null;
    inlet.open(socket, (bytes) => this.#receive(bytes));
    socket.on('error', (error) => (this.#error ??= error));
    socket.on('end', () => this.#lose());
    socket.on('close', () => this.#lose());
  }

  get isAlive(): boolean {
    return !this.socket.destroyed;
  }

  /** The other side has not yet taken all that we wrote. */
  get hasUnsentBytes(): boolean {
    return this.socket.writableLength > 0;
  }

  /** Calls back once, when the socket is closed by either side. */
  onceGone(callback: () => void): void {
    this.socket.once('close', callback);
  }

  /** Sends a request; what comes back goes to the listener until the connection is released or lost. */
  send(head: string, body: Buffer, listener: ConnectionListener): void {
    this.uses++;
    this.#listener = listener;
    writeRequest(this.socket, head, body);
  }

  /** The exchange is over; whatever comes now, nobody has asked for. */
  release(): void {
    this.#listener = null;
  }

  /** Closes the socket at once; nobody is told. */
  destroy(): void {
    this.#listener = null;
    this.socket.destroy();
  }

  #receive(bytes: Buffer): void {
    if (this.#listener === null) this.socket.destroy();
    else this.#listener.onBytes(bytes);
  }

  #lose(): void {
    const listener = this.#listener;
    this.destroy();
    listener?.onLost(this.#error);
  }
}
