import { createHmac } from 'node:crypto';
import type { Socket } from 'node:net';
import { type RawRequest, RawServer } from './raw-server.js';

/** How it answers a verification: as the specification says, with another text, not at all for now, or with a status. */
export type Verifying = 'echo' | 'wrong' | 'hold' | number;

export interface HubCall {
  readonly mode?: string;
  readonly topic?: string;
  readonly callback?: string;
  readonly lease?: number;
  readonly secret?: string;
  /** Further fields of the form. */
  readonly more?: Readonly<Record<string, string>>;
}

export interface Verification {
  readonly target: string;
  readonly mode: string | null;
  readonly topic: string | null;
  readonly lease: string | null;
}

export interface Distributed {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Null: it came without a signature. */
  readonly isVerified: boolean | null;
}

/**
 * A subscriber as WebSub describes one: finds the hub by the topic's Link header, confirms only what it has asked for,
 * and verifies what is distributed with the secret it gave.
 */
export class WebSubDouble {
  readonly verifications: Verification[] = [];
  readonly denials: { readonly topic: string | null; readonly reason: string | null }[] = [];
  readonly distributed: Distributed[] = [];
  verifying: Verifying = 'echo';
  /** What it answers to items. */
  status = '204 No Content';
  private secret: string | undefined;
  private readonly wanted = new Set<string>();
  private held: (() => void)[] = [];
  private server!: RawServer;

  static async start(): Promise<WebSubDouble> {
    const double = new WebSubDouble();
    double.server = await RawServer.start((request, socket) => double.handle(request, socket));
    return double;
  }

  get callback(): string {
    return `${this.server.origin}/cb?x=1`;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** Answers what was held back. */
  release(): void {
    this.verifying = 'echo';
    for (const answer of this.held) answer();
    this.held = [];
  }

  /** Asks the hub that the topic names. */
  async follow(topic: string, call: HubCall = {}): Promise<Response> {
    const { hub = '', self = '' } = await discover(topic);
    return this.call(hub, { topic: self, ...call });
  }

  async call(hub: string, call: HubCall): Promise<Response> {
    const { mode = 'subscribe', topic, callback = this.callback, lease, secret, more = {} } = call;
    this.wanted.add(`${mode} ${topic}`);
    if (mode === 'subscribe') this.secret = secret;
    const fields = {
      'hub.mode': mode,
      'hub.callback': callback,
      ...(topic !== undefined && { 'hub.topic': topic }),
      ...(lease !== undefined && { 'hub.lease_seconds': String(lease) }),
      ...(secret !== undefined && { 'hub.secret': secret }),
      ...more,
    };
    return fetch(hub, { method: 'POST', body: new URLSearchParams(fields) });
  }

  private handle(request: RawRequest, socket: Socket): void {
    if (request.method === 'POST') return this.take(request, socket);
    const { query, target } = request;
    const [mode, topic] = [query.get('hub.mode'), query.get('hub.topic')];
    if (mode === 'denied') {
      this.denials.push({ topic, reason: query.get('hub.reason') });
      return void socket.end(answer('200 OK', ''));
    }
    this.verifications.push({ target, mode, topic, lease: query.get('hub.lease_seconds') });
    const reply = (): void => this.verify(`${mode} ${topic}`, query.get('hub.challenge') ?? '', socket);
    if (this.verifying === 'hold') this.held.push(reply);
    else reply();
  }

  private verify(asked: string, challenge: string, socket: Socket): void {
    if (!this.wanted.has(asked)) return void socket.end(answer('404 Not Found', ''));
    if (typeof this.verifying === 'number')
      return void socket.end(answer(`${this.verifying} As Told`, challenge));
    socket.end(answer('200 OK', this.verifying === 'wrong' ? `${challenge}.` : challenge));
  }

  private take({ headers, body }: RawRequest, socket: Socket): void {
    const given = headers['x-hub-signature'];
    const [algorithm = '', value] = (given ?? '').split('=');
    const expected = (): string =>
      createHmac(algorithm, this.secret ?? '')
        .update(body)
        .digest('hex');
    const isVerified = given === undefined ? null : value === expected();
    this.distributed.push({ headers, body: body.toString(), isVerified });
    socket.end(answer(this.status, ''));
  }
}

/** The hub and the topic's own URL, as the header `Link` of the topic names them. */
export async function discover(topic: string): Promise<{ hub?: string; self?: string }> {
  const { headers } = await fetch(topic, { method: 'HEAD' });
  const links = [...(headers.get('link') ?? '').matchAll(/<([^>]+)>; rel="([a-z]+)"/g)];
  return Object.fromEntries(links.map(([, url, rel]) => [rel, url])) as { hub?: string; self?: string };
}

function answer(status: string, text: string): string {
  return `HTTP/1.1 ${status}\r\nContent-Type: text/plain\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n${text}`;
}
