import type { Socket } from 'node:net';
import { Connection } from './connection.js';
import type { Inlet } from './inlet.js';

/** Enough for a process that delivers to a thousand hosts in turn; file descriptors are finite. */
const MAX_IDLE = 1000;
/** Connections that are too old are not used; this only says when they are closed. */
const SWEEP_MS = 1000;

/** Keeps connections that may be used again, each only for the owner and origin it was opened for. */
export class ConnectionPool {
  /** The most recently used one is taken first, so that the others can grow old and close. */
  readonly #idleByKey = new Map<string, Connection[]>();
  /** In the order in which they became idle. */
  readonly #idle = new Set<Connection>();
  #sweeper: NodeJS.Timeout | null = null;
  #isClosed = false;

  add(key: string, socket: Socket, inlet: Inlet): Connection {
    const connection = new Connection(key, socket, inlet);
    connection.onceGone(() => this.#forget(connection));
    return connection;
  }

  take(key: string, now: number): Connection | undefined {
    const siblings = this.#idleByKey.get(key);
    for (let connection = siblings?.pop(); connection !== undefined; connection = siblings?.pop()) {
      this.#idle.delete(connection);
      if (connection.isAlive && connection.idleUntil > now) return connection;
      connection.destroy();
    }
    return undefined;
  }

  /** Its exchange is over and it can take another, until the time that is set in it. */
  giveBack(connection: Connection): void {
    connection.release();
    if (this.#isClosed) return connection.destroy();
    this.#idle.add(connection);
    const siblings = this.#idleByKey.get(connection.key);
    if (siblings === undefined) this.#idleByKey.set(connection.key, [connection]);
    else siblings.push(connection);
    if (this.#idle.size > MAX_IDLE) this.#closeOldest();
    this.#sweeper ??= setInterval(() => this.#sweep(performance.now()), SWEEP_MS).unref();
  }

  /** Closes what is idle now, and everything else when it becomes idle. */
  close(): void {
    this.#isClosed = true;
    if (this.#sweeper !== null) clearInterval(this.#sweeper);
    for (const connection of this.#idle) connection.destroy();
    this.#idle.clear();
    this.#idleByKey.clear();
  }

  #sweep(now: number): void {
    for (const connection of this.#idle) {
      if (connection.idleUntil > now) continue;
      this.#forget(connection);
      connection.destroy();
    }
  }

  #closeOldest(): void {
    const [oldest] = this.#idle;
    if (oldest === undefined) return;
    this.#forget(oldest);
    oldest.destroy();
  }

  #forget(connection: Connection): void {
    const siblings = this.#idleByKey.get(connection.key);
    if (this.#idle.delete(connection)) siblings?.splice(siblings.indexOf(connection), 1);
    if (siblings?.length === 0) this.#idleByKey.delete(connection.key);
  }
}
