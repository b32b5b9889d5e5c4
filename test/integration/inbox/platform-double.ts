import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { handshakeNamed, judgeAnswer, newChallenge, parseSecret, signStandard } from '#libs/signing';
import { challengeBody } from '../../support/challenge-body.js';

interface Subscription {
  readonly id: string;
  readonly url: string;
  readonly eventTypes: readonly string[];
  readonly secret: string;
  readonly status: string;
}

interface NewSubscription {
  readonly url: string;
  readonly eventTypes: readonly string[];
  readonly secret: string;
}

/** As much of the platform as a subscriber meets: its API for subscriptions with a real challenge, and deliveries. */
export class PlatformDouble {
  readonly subscriptions = new Map<string, Subscription>();
  /** Answers every challenge's proof with a refusal, as if the subscriber had failed it. */
  refusesAll = false;
  /** How long an attempt waits for its answer. */
  patienceMs = 10_000;
  private count = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<PlatformDouble> {
    const server = createServer((request, response) => void platform.answer(request, response));
    const platform = new PlatformDouble(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return platform;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get only(): Subscription {
    const [subscription] = this.subscriptions.values();
    if (subscription === undefined) throw new Error('nobody has subscribed');
    return subscription;
  }

  /** One attempt of a delivery. */
  async deliver(id: string, body: string, { url, secret } = this.only): Promise<Response> {
    return post({ url, secret, id, body: Buffer.from(body), patienceMs: this.patienceMs });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const id = request.url?.split('/')[3] ?? '';
    const [status, body] = await this.route(request.method ?? '', id, Buffer.concat(chunks).toString());
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  }

  private async route(method: string, id: string, text: string): Promise<[number, unknown]> {
    if (method === 'POST') return this.create(JSON.parse(text) as NewSubscription);
    if (id === '') return [200, { data: [...this.subscriptions.values()], nextCursor: null }];
    const known = this.subscriptions.get(id);
    if (known === undefined) return [404, { code: 'subscription_not_found', detail: 'There is none.' }];
    if (method === 'PATCH') return this.move(known, JSON.parse(text) as { url: string });
    if (method === 'DELETE') this.subscriptions.delete(id);
    return [200, known];
  }

  private async move(known: Subscription, { url }: { url: string }): Promise<[number, unknown]> {
    const moved = { ...known, url };
    if (!(await this.isProven(moved))) return [422, FAILED];
    this.subscriptions.set(known.id, moved);
    return [200, moved];
  }

  private async create({ url, eventTypes, secret }: NewSubscription): Promise<[number, unknown]> {
    this.count += 1;
    const id = `sub_${this.count}`;
    const subscription = { id, url, eventTypes, secret, status: 'active' };
    if (!(await this.isProven(subscription))) return [422, FAILED];
    this.subscriptions.set(id, subscription);
    return [201, subscription];
  }

  private async isProven({ id, url, secret }: Subscription): Promise<boolean> {
    const challenge = newChallenge(id, new Date());
    const response = await post({
      url,
      secret,
      id: challenge.id,
      body: challengeBody(challenge),
      patienceMs: this.patienceMs,
    });
    const body = Buffer.from(await response.arrayBuffer());
    const answer = { status: response.status, headers: {}, body, isTruncated: false };
    const keys = [parseSecret(secret)];
    const about = { url, registeredUrl: url, config: {}, origin: '', callbackUrl: null, sign: () => ({}) };
    const verdict = judgeAnswer(handshakeNamed('hmac'), { ...about, challenge, answer, keys });
    return verdict.isProven && !this.refusesAll;
  }
}

const FAILED = {
  code: 'challenge_failed',
  detail: 'No proof.',
  handshake: {
    type: 'hmac',
    steps: [{ name: 'proof', status: 'failed', detail: 'The proof is <wrong>.', durationMs: null }],
  },
};

interface Attempt {
  readonly url: string;
  readonly secret: string;
  readonly id: string;
  readonly body: Buffer;
  readonly patienceMs: number;
}

async function post({ url, secret, id, body, patienceMs }: Attempt): Promise<Response> {
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signStandard({ id, timestamp, body, keys: [parseSecret(secret)] }),
  };
  return fetch(url, {
    method: 'POST',
    headers,
    body: new Uint8Array(body),
    redirect: 'manual',
    signal: AbortSignal.timeout(patienceMs),
  });
}
