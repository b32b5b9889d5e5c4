import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { challengeAnswer, isVerified, type Proof } from './receiver-proof.js';
import { eventuallyGives } from './eventually.js';

/** What the receiver does with one request. A number is an answer with that status. */
export type Behaviour =
  | number
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string | Buffer }
  | { readonly hang: true }
  | { readonly reset: true }
  | { readonly delayMs: number; readonly status: number };

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Names and values as they came over the wire, in their order and case. */
  readonly rawHeaders: readonly (readonly [string, string])[];
  readonly body: Buffer;
  readonly receivedAt: Date;
  readonly isChallenge: boolean;
  /** By the reference library; null when the receiver knows no secret. */
  readonly isVerified: boolean | null;
}

export interface ReceiverOptions {
  /** `whsec_…`; may be set later, e.g. from the answer that created the subscription. */
  readonly secret?: string;
  readonly proof?: Proof;
}

/** A subscriber for tests: a real HTTP server on loopback that records what it gets and does as it is told. */
export class Receiver {
  secret: string | null;
  proof: Proof;
  readonly requests: ReceivedRequest[] = [];
  private plan: Behaviour[] = [200];
  private server: Server | null = null;
  private port = 0;

  private constructor(options: ReceiverOptions) {
    this.secret = options.secret ?? null;
    this.proof = options.proof ?? 'hmac';
  }

  static async start(options: ReceiverOptions = {}): Promise<Receiver> {
    const receiver = new Receiver(options);
    await receiver.restart();
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  /** Everything that came, without the challenges. */
  get deliveries(): readonly ReceivedRequest[] {
    return this.requests.filter((request) => !request.isChallenge);
  }

  /** Behaviours for the next deliveries, one each; the last one stays. Challenges are answered as `proof` says. */
  behave(...plan: readonly [Behaviour, ...Behaviour[]]): void {
    this.plan = [...plan];
  }

  /** Resolves with the deliveries as soon as there are `count` of them. */
  async receives(count: number, timeoutMs = 15_000): Promise<readonly ReceivedRequest[]> {
    const describe = (): string => `${this.deliveries.length} of ${count} deliveries came`;
    const probe = (): boolean => this.deliveries.length >= count;
    await eventuallyGives(probe, { timeoutMs, describe });
    return this.deliveries;
  }

  /** Closes the port and every connection; a later `restart()` listens on the same port again. */
  async stop(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = null;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  async restart(): Promise<void> {
    await this.stop();
    const server = createServer(
      (request, response) => void this.handle(request, response).catch(() => undefined),
    );
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = await this.record(request);
    this.requests.push(received);
    if (received.isChallenge && this.proof !== 'as-planned') {
      return challengeAnswer(response, { body: received.body, secret: this.secret, proof: this.proof });
    }
    const [next = 200] = this.plan;
    if (this.plan.length > 1) this.plan.shift();
    await perform(next, response);
  }

  private async record(request: IncomingMessage): Promise<ReceivedRequest> {
    const receivedAt = new Date();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    return {
      method: request.method ?? '',
      path: request.url ?? '',
      headers,
      rawHeaders: pairs(request.rawHeaders),
      body,
      receivedAt,
      isChallenge: body.includes('"type":"webhook.challenge"'),
      isVerified: this.secret === null ? null : isVerified(this.secret, headers, body),
    };
  }
}

function pairs(flat: readonly string[]): [string, string][] {
  return flat.flatMap((name, index) =>
    index % 2 === 0 ? [[name, flat[index + 1] ?? ''] as [string, string]] : [],
  );
}

async function perform(behaviour: Behaviour, response: ServerResponse): Promise<void> {
  if (typeof behaviour === 'number') return answer(response, { status: behaviour });
  if ('hang' in behaviour) return;
  if ('reset' in behaviour) return void response.socket?.resetAndDestroy();
  if ('delayMs' in behaviour) await new Promise((resolve) => setTimeout(resolve, behaviour.delayMs));
  answer(response, behaviour);
}

function answer(
  response: ServerResponse,
  {
    status,
    headers = {},
    body = '',
  }: { status: number; headers?: Record<string, string>; body?: string | Buffer },
): void {
  response.writeHead(status, headers);
  response.end(body);
}
