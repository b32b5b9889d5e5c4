import { createHmac } from 'node:crypto';
import type { Socket } from 'node:net';
import { RawDouble, type RawRequest } from './raw-server.js';

interface Confirmation {
  readonly Timestamp: string;
  readonly TopicArn: string;
  readonly Token: string;
  readonly SignatureVersion: unknown;
}

interface Notification {
  readonly Records?: readonly { readonly s3: { readonly object: Record<string, unknown> } }[];
}

/** Makes the answer to a confirmation from its fields and the receiver's own URL. */
export type McsSigning = (confirmation: Confirmation, url: string) => string;

/**
 * A receiver as the Go program for MCS bucket notifications is: it tells messages apart by a piece of text, signs
 * `http://`, the Host header and the path, and wants whole numbers where the records have numbers.
 */
export class McsDouble extends RawDouble {
  /** Keys of the objects that it was told of. */
  readonly keys: string[] = [];

  protected override readonly route = '/webhook?x=1';

  private constructor(private readonly signing: McsSigning) {
    super();
  }

  static start(signing: McsSigning = mcsProof): Promise<McsDouble> {
    return new McsDouble(signing).listen();
  }

  protected override handle(request: RawRequest, socket: Socket): void {
    const text = request.body.toString('utf8');
    if (text.includes('"Type":"SubscriptionConfirmation"')) return this.confirm(request, text, socket);
    const records = (JSON.parse(text) as Notification).Records ?? [];
    const objects = records.map(({ s3 }) => s3.object);
    const isWhole = objects.every(
      ({ sequencer, size }) => Number.isInteger(sequencer) && Number.isInteger(size),
    );
    if (!isWhole) return void socket.end(answer('400 Bad Request', 'json: cannot unmarshal string\n'));
    this.keys.push(...objects.map(({ key }) => String(key)));
    socket.end(answer('200 OK', ''));
  }

  private confirm({ headers, path }: RawRequest, text: string, socket: Socket): void {
    const confirmation = JSON.parse(text) as Confirmation;
    if (typeof confirmation.SignatureVersion !== 'number') {
      return void socket.end(answer('400 Bad Request', 'json: cannot unmarshal string\n'));
    }
    const signature = this.signing(confirmation, `http://${headers['host'] ?? ''}${path}`);
    socket.end(answer('200 OK', signature === '' ? '' : `${JSON.stringify({ signature })}\n`));
  }
}

/** The published formula. */
export function mcsProof({ Token, Timestamp, TopicArn }: Confirmation, url: string): string {
  const level = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  return level(level(level(Buffer.from(Token), Timestamp), TopicArn), url).toString('hex');
}

function answer(status: string, body: string): string {
  return `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
}
