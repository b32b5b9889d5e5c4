import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventuallyGives } from '../../support/eventually.js';

export const APP_ID = 'app-1';

/** A receiver of notifications that name an account; each waits for its answer until it is let go on. */
export class AccountReceiver {
  /** The bodies, in the order in which they came. */
  readonly notifications: string[] = [];
  /** Done before a notification is answered, as by a reader that fetches what is new. */
  beforeAnswer: () => Promise<void> = async () => undefined;
  private statuses: number[] = [200];
  private isOpen = true;
  private held: ServerResponse[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<AccountReceiver> {
    const server = createServer();
    const receiver = new AccountReceiver(server);
    server.on('request', (request, response) => {
      let body = '';
      request.on('data', (bytes: Buffer) => (body += bytes.toString()));
      request.on('end', () => receiver.take(body, response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/in`;
  }

  /** Statuses for the next notifications, one each; the last one stays. */
  answer(...statuses: readonly [number, ...number[]]): void {
    this.statuses = [...statuses];
  }

  /** From now on notifications wait. */
  hold(): void {
    this.isOpen = false;
  }

  /** Answers those that wait, and from now on each at once. */
  release(): void {
    this.isOpen = true;
    for (const response of this.held.splice(0)) void this.reply(response);
  }

  async receives(count: number): Promise<void> {
    const describe = (): string => `${this.notifications.length} of ${count} notifications came`;
    await eventuallyGives(() => this.notifications.length >= count, { describe });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(body: string, response: ServerResponse): void {
    this.notifications.push(body);
    if (this.isOpen) void this.reply(response);
    else this.held.push(response);
  }

  private async reply(response: ServerResponse): Promise<void> {
    await this.beforeAnswer();
    const status = (this.statuses.length > 1 ? this.statuses.shift() : this.statuses[0]) ?? 200;
    response.writeHead(status).end(APP_ID);
  }
}
