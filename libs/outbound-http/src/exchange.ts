import { setMaxListeners } from 'node:events';
import type { Dispatcher } from 'undici';
import { type Connection, CONNECTION_GONE } from './connection.js';
import type { ConnectionOpener } from './connection-opener.js';
import type { ConnectionPool } from './connection-pool.js';
import { exchangeFault, isLostConnection } from './error-codes.js';
import { codeOf, describe, type Fault, OpeningError } from './failure.js';
import { Opening } from './opening.js';
import type { OutboundRequest, OutboundTimings, OutboundResult } from './outbound-request.js';
import { flatHeaders } from './request-headers.js';
import { ResponseBody } from './response-body.js';
import type { Target } from './target.js';

type Headers = Record<string, string | string[] | undefined>;

/** How long the rest of a body may take when the status line has already decided. */
const BODY_GRACE_MS = 1000;
const DEFAULT_MAX_BODY_BYTES = 16_384;
const MAX_INTERIM_ANSWERS = 32;
const WITHDRAWN = new Error('The exchange is over.');

export interface ExchangeParts {
  readonly pool: ConnectionPool;
  readonly opener: ConnectionOpener;
  readonly userAgent: string;
  /** Called once, whatever the receiver does. */
  readonly settle: (result: OutboundResult) => void;
}

/** One request and its answer. It settles exactly once; whatever the other side still sends is not listened to. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #startedAt = new Date();
  readonly #begin = performance.now();
  readonly #key: string;
  readonly #body: ResponseBody;
  #timer: NodeJS.Timeout | undefined;
  #onAbort: (() => void) | null = null;
  #isSettled = false;
  #opening: Opening | null = null;
  #connection: Connection | null = null;
  #controller: Dispatcher.DispatchController | null = null;
  #isRetried = false;
  #interimAnswers = 0;
  #sentAt = 0;
  #firstByteAt = 0;
  #status = 0;
  #headers: Headers = {};

  constructor(
    private readonly input: OutboundRequest,
    private readonly target: Target,
    private readonly parts: ExchangeParts,
  ) {
    this.#key = `${input.owner} ${target.origin}`;
    this.#body = new ResponseBody(input.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES);
  }

  start(): void {
    this.#timer = setTimeout(onDeadline, this.input.timeoutMs, this);
    if (this.input.signal?.aborted === true) return this.withdraw();
    this.#listenForAbort();
    const connection = this.parts.pool.take(this.#key);
    if (connection === undefined) this.#open();
    else this.#send(connection);
  }

  /** The time is over: what has been decided until now counts. */
  expire(): void {
    if (this.#status !== 0 && this.input.waitForBody !== true) return this.#respond(true);
    this.#fail(this.#timeout());
  }

  withdraw(): void {
    this.#fail({ errorType: 'aborted', phase: this.#connection === null ? 'connect' : 'request' });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#isSettled) return controller.abort(WITHDRAWN);
    this.#controller = controller;
    this.#sentAt = performance.now();
  }

  onResponseStarted(): void {
    if (this.#firstByteAt === 0) this.#firstByteAt = performance.now();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (this.#isSettled) return;
    if (status < 200) return this.#interim(status);
    this.#status = status;
    this.#headers = headers;
    if (this.input.waitForBody === true || headers['content-length'] === '0') return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(onDeadline, Math.min(BODY_GRACE_MS, this.#remainingMs()), this);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#isSettled && !this.#body.add(chunk)) this.#respond(true);
  }

  onResponseEnd(): void {
    if (this.#isSettled) return;
    this.#respond(false);
    const connection = this.#connection;
    // Who answers before having read the request may never read on; the next request would wait behind this one.
    if (connection?.hasUnsentBytes === true) connection.destroy();
    else if (connection !== null) this.parts.pool.giveBack(connection);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#isSettled) return;
    if (this.#status !== 0) return this.#truncated();
    if (this.#mayRepeat(error)) return this.#open();
    if (codeOf(error) === CONNECTION_GONE) return this.#fail({ errorType: 'no_response', phase: 'request' });
    this.#fail(exchangeFault(error, this.#firstByteAt !== 0));
  }

  /** One signal may stand for thousands of requests; ten listeners are not a leak here. */
  #listenForAbort(): void {
    const { signal } = this.input;
    if (signal === undefined) return;
    setMaxListeners(0, signal);
    this.#onAbort = (): void => this.withdraw();
    signal.addEventListener('abort', this.#onAbort);
  }

  #open(): void {
    const opening = new Opening();
    this.#opening = opening;
    this.#connection = null;
    this.#controller = null;
    this.parts.opener.open(this.target, this.#key, opening).then(
      (socket) => {
        if (this.#isSettled) return void socket.destroy();
        this.#send(this.parts.pool.add(socket, this.#key, this.target.origin));
      },
      (error: unknown) => this.#fail(openingFault(error)),
    );
  }

  #send(connection: Connection): void {
    this.#connection = connection;
    const { method, headers, body } = this.input;
    const flat = flatHeaders(headers, this.parts.userAgent);
    connection.dispatch({ path: this.target.path, method, headers: flat, body }, this);
  }

  /**
   * A kept connection may have been closed by the other side just as we wrote to it. If nothing at all was answered,
   * the request was most likely never read, and one more try on a new connection is due. A request that was not
   * even written is always tried again.
   */
  #mayRepeat(error: Error): boolean {
    if (this.#connection === null || this.#connection.uses < 2 || this.#firstByteAt !== 0) return false;
    if (codeOf(error) === CONNECTION_GONE) return true;
    if (this.#isRetried || !isLostConnection(error)) return false;
    this.#isRetried = true;
    return true;
  }

  #interim(status: number): void {
    if (status === 101) return this.#fail({ errorType: 'http_upgrade', phase: 'response' });
    if (status < 100 || ++this.#interimAnswers > MAX_INTERIM_ANSWERS) {
      this.#fail({ errorType: 'http_malformed', phase: 'response' });
    }
  }

  #truncated(): void {
    if (this.input.waitForBody !== true) return this.#respond(true);
    this.#fail({ errorType: 'http_truncated_body', phase: 'response' });
  }

  #timeout(): Fault {
    if (this.#status !== 0) return { errorType: 'timeout_body', phase: 'response' };
    if (this.#connection !== null) {
      return this.#connection.hasUnsentBytes
        ? { errorType: 'timeout_total', phase: 'request' }
        : { errorType: 'timeout_headers', phase: 'response' };
    }
    const phase = this.#opening?.phase ?? 'connect';
    const errorTypes = {
      resolve: 'dns_timeout',
      connect: 'connect_timeout',
      tls: 'tls_handshake_timeout',
    } as const;
    return { errorType: errorTypes[phase], phase };
  }

  #remainingMs(): number {
    return Math.max(1, this.#begin + this.input.timeoutMs - performance.now());
  }

  /** Written out as one literal: this is the hot path, and spreading objects cost a tenth of the whole exchange. */
  #respond(bodyTruncated: boolean): void {
    const totalMs = this.#end();
    this.parts.settle({
      kind: 'response',
      status: this.#status,
      headers: joined(this.#headers),
      body: this.#body.take(),
      bodyTruncated,
      startedAt: this.#startedAt,
      durationMs: Math.round(totalMs),
      timings: this.#timings(totalMs),
      remoteAddress: this.#remoteAddress,
      retriedConnection: this.#isRetried,
    });
    if (bodyTruncated) this.#controller?.abort(WITHDRAWN);
  }

  #fail(fault: Fault): void {
    if (this.#isSettled) return;
    const totalMs = this.#end();
    this.parts.settle({
      kind: 'failure',
      errorType: fault.errorType,
      phase: fault.phase,
      detail: describe(fault),
      startedAt: this.#startedAt,
      durationMs: Math.round(totalMs),
      timings: this.#timings(totalMs),
      remoteAddress: this.#remoteAddress,
      retriedConnection: this.#isRetried,
    });
    this.#opening?.cancel();
    if (this.#controller === null) this.#connection?.destroy();
    else this.#controller.abort(WITHDRAWN);
  }

  /** Ends listening and waiting; returns how long the exchange took. */
  #end(): number {
    this.#isSettled = true;
    clearTimeout(this.#timer);
    if (this.#onAbort !== null) this.input.signal?.removeEventListener('abort', this.#onAbort);
    return performance.now() - this.#begin;
  }

  get #remoteAddress(): string | null {
    return this.#connection?.remoteAddress ?? this.#opening?.remoteAddress ?? null;
  }

  #timings(totalMs: number): OutboundTimings {
    const opening = this.#opening;
    return {
      resolveMs: opening === null ? null : rounded(opening.resolveMs),
      connectMs: opening === null ? null : rounded(opening.connectMs),
      tlsMs: opening === null ? null : rounded(opening.tlsMs),
      firstByteMs: this.#firstByteAt === 0 ? null : rounded(this.#firstByteAt - this.#sentAt),
      totalMs: rounded(totalMs),
    };
  }
}

function onDeadline(exchange: Exchange): void {
  exchange.expire();
}

function openingFault(error: unknown): Fault {
  if (error instanceof OpeningError) return error.fault;
  return { errorType: 'internal', phase: 'connect', code: codeOf(error) };
}

/** To hundredths: what is finer is noise. */
function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 100) / 100;
}

function joined(headers: Headers): Record<string, string> {
  for (const name in headers) {
    const value = headers[name];
    if (typeof value === 'object') headers[name] = value.join(', ');
  }
  return headers as Record<string, string>;
}
