import { createHmac } from 'node:crypto';
import type { Socket } from 'node:net';
import { RawDouble, type RawRequest } from './raw-server.js';

export interface KloudlessOptions {
  readonly apiKey: string;
  readonly appId: string;
  /** What it answers instead of the application's id. */
  readonly answer?: string;
}

/** A receiver as the Flask and Node samples for Kloudless are: 403 for a wrong signature, else the id as a page of text. */
export class KloudlessDouble extends RawDouble {
  /** Accounts that it was told to have a look at. */
  readonly accounts: string[] = [];

  protected override readonly route = '/kloudless-webhook';

  private constructor(private readonly options: KloudlessOptions) {
    super();
  }

  static start(options: KloudlessOptions): Promise<KloudlessDouble> {
    return new KloudlessDouble(options).listen();
  }

  protected override handle({ headers, body }: RawRequest, socket: Socket): void {
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
