import { createHmac } from 'node:crypto';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { RawDouble, type RawRequest } from './raw-server.js';

export interface PreservicaOptions {
  readonly secret: string;
  /** Work after the answer has gone out; the connection stays open meanwhile. */
  readonly workMs?: number;
  /** The bytes to answer a challenge with, instead of the right ones; null: never. */
  readonly challengeAnswer?: (request: RawRequest) => string | null;
}

/**
 * A receiver that behaves as the `WebHookHandler` of the Preservica SDK was seen to: HTTP/1.0 without a length, one
 * request at a time, chunked bodies only, and a connection closed without a word when anything is not right.
 */
export class PreservicaDouble extends RawDouble {
  /** Events whose signature was right. */
  readonly events: unknown[] = [];
  private turn: Promise<void> = Promise.resolve();

  protected override readonly route = '/preservica';

  private constructor(private readonly options: PreservicaOptions) {
    super();
  }

  static start(options: PreservicaOptions): Promise<PreservicaDouble> {
    return new PreservicaDouble(options).listen();
  }

  protected override handle(request: RawRequest, socket: Socket): Promise<void> {
    this.turn = this.turn.then(() => this.answer(request, socket)).catch(() => void socket.destroy());
    return this.turn;
  }

  private async answer(request: RawRequest, socket: Socket): Promise<void> {
    if (request.method !== 'POST') {
      return void socket.end(
        'HTTP/1.0 501 Unsupported method\r\nContent-Type: text/html\r\n\r\n<html></html>',
      );
    }
    const code = request.query.get('challengeCode');
    if (code !== null) {
      const answer = this.challengeAnswer(request, code);
      return answer === null ? undefined : void socket.end(answer);
    }
    const body = textOf(request);
    if (
      body === null ||
      request.headers['preservica-signature'] !== eventSignature(this.options.secret, body)
    ) {
      return void socket.end();
    }
    this.events.push(JSON.parse(body));
    socket.write('HTTP/1.0 200 OK\r\nServer: BaseHTTP/0.6 Python/3.11.7\r\n\r\n');
    await pause(this.options.workMs ?? 0);
    socket.end();
  }

  private challengeAnswer(request: RawRequest, code: string): string | null {
    if (this.options.challengeAnswer) return this.options.challengeAnswer(request);
    const challengeResponse = hmac(this.options.secret, code);
    const json = JSON.stringify({ challengeCode: code, challengeResponse });
    return `HTTP/1.0 200 OK\r\nServer: BaseHTTP/0.6 Python/3.11.7\r\nContent-type: application/json\r\n\r\n${json}`;
  }
}

/** Each chunk is decoded by itself, and what does not fit into latin-1 ends the handler. */
function textOf({ chunks, hasChunkExtensions }: RawRequest): string | null {
  if (chunks === null || hasChunkExtensions) return null;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const text = chunks.map((chunk) => decoder.decode(chunk)).join('');
  return /^[\0-\xff]*$/.test(text) ? text : null;
}

export function eventSignature(secret: string, body: string): string {
  return hmac(secret, `preservica-webhook-auth${body}`);
}

export function hmac(secret: string, text: string): string {
  return createHmac('sha256', Buffer.from(secret, 'latin1'))
    .update(Buffer.from(text, 'latin1'))
    .digest('hex');
}
