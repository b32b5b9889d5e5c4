import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { eventSignature, hmac } from './preservica.double.js';
import { RawDouble, type RawRequest } from './raw-server.js';

/** Long enough that the body comes in a packet of its own. */
const BETWEEN_PACKETS_MS = 30;

/**
 * A receiver that behaves as the SDK's `FlaskWebhookHandler` was seen to: its answer to a challenge has a header whose
 * name no standard allows and a body in a second packet, and a wrong signature is answered 200 like a right one.
 */
export class FlaskPreservicaDouble extends RawDouble {
  readonly events: unknown[] = [];

  protected override readonly route = '/hook?tenant=a';

  private constructor(private readonly secret: string) {
    super();
  }

  static start(secret: string): Promise<FlaskPreservicaDouble> {
    return new FlaskPreservicaDouble(secret).listen();
  }

  protected override async handle({ query, body, headers }: RawRequest, socket: Socket): Promise<void> {
    const challengeCode = query.get('challengeCode');
    if (challengeCode !== null) {
      socket.write(
        'HTTP/1.0 200 OK\r\nServer: Werkzeug\r\napplication/json: text/plain; charset=utf-8\r\n' +
          'Content-Type: text/html; charset=utf-8\r\n\r\n',
      );
      await pause(BETWEEN_PACKETS_MS);
      const challengeResponse = hmac(this.secret, challengeCode);
      return void socket.end(JSON.stringify({ challengeCode, challengeResponse }));
    }
    const text = body.toString('utf8');
    if (!/^[\0-\xff]*$/.test(text)) return void socket.end('HTTP/1.1 500 INTERNAL SERVER ERROR\r\n\r\n');
    if (headers['preservica-signature'] === eventSignature(this.secret, text))
      this.events.push(JSON.parse(text));
    socket.end(
      'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{"success": true}',
    );
  }
}
