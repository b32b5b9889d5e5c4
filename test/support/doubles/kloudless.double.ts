import { createHmac } from 'node:crypto';
import type { Socket } from 'node:net';
import { type RawRequest, RawServer } from './raw-server.js';

export interface KloudlessOptions {
  readonly apiKey: string;
  readonly appId: string;
  /** What it answers instead of the application's id. */
  readonly answer?: string;
}

/** A receiver as the Flask and Node samples for Kloudless are: 403 for a wrong signature, else the id as a page of text. */
export class KloudlessDouble {
  /** Accounts that it was told to have a look at. */
  readonly accounts: string[] = [];
  private server!: RawServer;

  private constructor(private readonly options: KloudlessOptions) {}

  static async start(options: KloudlessOptions): Promise<KloudlessDouble> {
    const double = new KloudlessDouble(options);
    double.server = await RawServer.start((request, socket) => double.handle(request, socket));
    return double;
  }

  get url(): string {
    return `${this.server.origin}/kloudless-webhook`;
  }

  get requests(): readonly RawRequest[] {
    return this.server.requests;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  private handle({ headers, body }: RawRequest, socket: Socket): void {
    const { apiKey, appId, answer = `${appId}\n` } = this.options;
    const expected = createHmac('sha256', apiKey).update(body).digest('base64');
    if (headers['x-kloudless-signature'] !== expected)
      return void socket.end(page('403 FORBIDDEN', 'Forbidden'));
    const account = new URLSearchParams(body.toString()).get('account');
    if (account !== null) this.accounts.push(account);
    socket.end(page('200 OK', answer));
  }
}

function page(status: string, text: string): string {
  return `HTTP/1.1 ${status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n${text}`;
}
