import { setMaxListeners } from 'node:events';
import type { Connection, ConnectionListener } from './connection.js';
import type { ConnectionOpener } from './connection-opener.js';
import type { ConnectionPool } from './connection-pool.js';
import { exchangeFault, isLostConnection } from './error-codes.js';
import { describe, type Fault, openingFault } from './failure.js';
import { inOneChunk, requestHead } from './http1/request-head.js';
import type { ResponseHead } from './http1/response-head.js';
import { type ResponseListener, ResponseParser } from './http1/response-parser.js';
import { Opening } from './opening.js';
import type { OutboundRequest, OutboundResult } from './outbound-request.js';
import { ResponseBody } from './response-body.js';
import type { Target } from './target.js';
import { Timeline } from './timeline.js';

/** How long the rest of a body may take when the status line has already decided: all in all less than a second. */
const BODY_GRACE_MS = 800;
const DEFAULT_MAX_BODY_BYTES = 16_384;
const MAX_INTERIM_ANSWERS = 32;
const NO_BODY = Buffer.alloc(0);
const ILLEGAL_HEADER: Fault = { errorType: 'internal', phase: 'request', code: 'ILLEGAL_HEADER' };

export interface ExchangeParts {
  readonly pool: ConnectionPool;
  readonly opener: ConnectionOpener;
  readonly userAgent: string;
  /** Called once for each exchange, before its result is given out. */
  readonly onOver: () => void;
}

/** One request and its answer. It settles exactly once; whatever the other side still sends is not listened to. */
export class Exchange implements ConnectionListener, ResponseListener {
  readonly #timeline = new Timeline();
  readonly #key: string;
  readonly #parser: ResponseParser;
  readonly #body: ResponseBody;
  #requestHead = '';
  #requestBody: Buffer = NO_BODY;
  #timer: NodeJS.Timeout | undefined;
  #onAbort: (() => void) | null = null;
  #isSettled = false;
  #opening: Opening | null = null;
  #connection: Connection | null = null;
  #isRetried = false;
  #interimAnswers = 0;
  #head: ResponseHead | null = null;
  #isBodyTimed: boolean;

  constructor(
    private readonly input: OutboundRequest,
    private readonly target: Target,
    private readonly parts: ExchangeParts,
    private readonly settled: (result: OutboundResult) => void,
  ) {
    this.#key = target.keyFor(input.owner);
    const rules = { isHeadRequest: input.method === 'HEAD', tolerant: input.tolerant === true };
    this.#parser = new ResponseParser(this, rules);
    this.#body = new ResponseBody(input.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES);
    this.#isBodyTimed = input.waitForBody === true;
  }

  /** Never settles before it returns. */
  start(): void {
    this.#timer = setTimeout(onDeadline, this.input.timeoutMs, this);
    if (this.input.signal?.aborted === true) return queueMicrotask(() => this.withdraw());
    const { method, headers, body } = this.input;
    const { target, parts } = this;
    const bodyBytes = body.length;
    const { userAgent } = parts;
    const isChunked = this.input.framing === 'chunked';
    const { lines: targetLines } = target;
    const head = requestHead({ method, headers, bodyBytes, isChunked, targetLines, userAgent });
    if (head === null) return queueMicrotask(() => this.#fail(ILLEGAL_HEADER));
    this.#requestHead = head;
    this.#requestBody = isChunked ? inOneChunk(body) : body;
    this.#listenForAbort();
    const connection = parts.pool.take(this.#key, this.#timeline.begin);
    if (connection === undefined) this.#open();
    else this.#send(connection);
  }

  /** The time is over: what has been decided until now counts. */
  expire(): void {
    if (this.#head !== null && this.input.waitForBody !== true) return this.#respond(this.#head, true);
    this.#fail(this.#timeout());
  }

  withdraw(): void {
    this.#fail({ errorType: 'aborted', phase: this.#connection === null ? 'connect' : 'request' });
  }

  onBytes(bytes: Buffer): void {
    this.#timeline.noteBytes();
    this.#parser.push(bytes);
    if (this.#head !== null && !this.#isBodyTimed && !this.#isSettled) this.#timeBody();
  }

  onLost(error: Error | null): void {
    if (this.#isSettled || (error === null && this.#parser.end())) return;
    if (this.#head !== null) return this.#breakOff(this.#head);
    if (this.#mayRepeat(error)) return this.#open();
    this.#fail(exchangeFault(error, this.#timeline.hasBegunAnswer));
  }

  onInterim(status: number): boolean {
    if (status === 101) this.#fail({ errorType: 'http_upgrade', phase: 'response' });
    else if (++this.#interimAnswers > MAX_INTERIM_ANSWERS) this.onFault('http_malformed');
    return !this.#isSettled;
  }

  onHead(head: ResponseHead): void {
    this.#head = head;
  }

  onBody(bytes: Buffer): boolean {
    const fits = this.#body.add(bytes);
    if (!fits && this.#head !== null) this.#respond(this.#head, true);
    return fits;
  }

  onComplete(keptMs: number): void {
    if (this.#head !== null) this.#respond(this.#head, false, keptMs);
  }

  onFault(errorType: 'http_malformed' | 'http_headers_too_large'): void {
    if (this.#head !== null) this.#breakOff(this.#head);
    else this.#fail({ errorType, phase: 'response' });
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
    const opening = new Opening(this.target.isTls);
    this.#opening = opening;
    this.#connection = null;
    this.parts.opener.open(this.target, this.#key, opening).then(
      (socket) => {
        if (this.#isSettled) return void socket.destroy();
        this.#send(this.parts.pool.add(this.#key, socket, opening.inlet));
      },
      (error: unknown) => this.#fail(openingFault(error)),
    );
  }

  #send(connection: Connection): void {
    this.#connection = connection;
    if (!connection.isAlive) return this.onLost(null);
    this.#timeline.noteSent();
    connection.send(this.#requestHead, this.#requestBody, this);
  }

  /**
   * A kept connection may have been closed by the other side just as we wrote to it. If nothing at all was answered,
   * the request was most likely never read, and one more try on a new connection is due.
   */
  #mayRepeat(error: Error | null): boolean {
    if (this.#connection === null || this.#connection.uses < 2) return false;
    if (this.#isRetried || this.#timeline.hasBegunAnswer || !isLostConnection(error)) return false;
    this.#isRetried = true;
    return true;
  }

  /** The status has come, but its body is over before its end. */
  #breakOff(head: ResponseHead): void {
    if (this.input.waitForBody !== true) return this.#respond(head, true);
    this.#fail({ errorType: 'http_truncated_body', phase: 'response' });
  }

  #timeBody(): void {
    this.#isBodyTimed = true;
    clearTimeout(this.#timer);
    const remainingMs = Math.max(1, this.#timeline.begin + this.input.timeoutMs - performance.now());
    this.#timer = setTimeout(onDeadline, Math.min(BODY_GRACE_MS, remainingMs), this);
  }

  #timeout(): Fault {
    if (this.#head !== null) return { errorType: 'timeout_body', phase: 'response' };
    if (this.#connection === null && this.#opening !== null) return this.#opening.timeout;
    return this.#connection?.hasUnsentBytes === true
      ? { errorType: 'timeout_total', phase: 'request' }
      : { errorType: 'timeout_headers', phase: 'response' };
  }

  /** Written out as one literal: this is the hot path, and spreading objects cost a tenth of the whole exchange. */
  #respond(head: ResponseHead, bodyTruncated: boolean, keptMs = 0): void {
    const now = this.#end();
    this.#leave(keptMs, now);
    const totalMs = now - this.#timeline.begin;
    this.settled({
      kind: 'response',
      status: head.status,
      headers: head.headers,
      body: this.#body.take(),
      bodyTruncated,
      startedAt: this.#timeline.startedAt,
      durationMs: Math.round(totalMs),
      timings: this.#timeline.timings(this.#opening, totalMs),
      remoteAddress: this.#remoteAddress,
      retriedConnection: this.#isRetried,
    });
  }

  #fail(fault: Fault): void {
    if (this.#isSettled) return;
    const totalMs = this.#end() - this.#timeline.begin;
    this.#opening?.cancel();
    this.#connection?.destroy();
    this.settled({
      kind: 'failure',
      errorType: fault.errorType,
      phase: fault.phase,
      detail: describe(fault),
      startedAt: this.#timeline.startedAt,
      durationMs: Math.round(totalMs),
      timings: this.#timeline.timings(this.#opening, totalMs),
      remoteAddress: this.#remoteAddress,
      retriedConnection: this.#isRetried,
    });
  }

  /** Ends listening and waiting; returns the time. */
  #end(): number {
    this.#isSettled = true;
    clearTimeout(this.#timer);
    if (this.#onAbort !== null) this.input.signal?.removeEventListener('abort', this.#onAbort);
    this.parts.onOver();
    return performance.now();
  }

  /** Before the result is given out: the next request, made in answer to it, may use the same connection. */
  #leave(keptMs: number, now: number): void {
    const connection = this.#connection;
    if (connection === null) return;
    // Who answers before having read the request may never read on; the next request would wait behind this one.
    if (keptMs === 0 || connection.hasUnsentBytes) return connection.destroy();
    connection.idleUntil = now + keptMs;
    this.parts.pool.giveBack(connection);
  }

  get #remoteAddress(): string | null {
    return this.#connection?.remoteAddress ?? this.#opening?.remoteAddress ?? null;
  }
}

function onDeadline(exchange: Exchange): void {
  exchange.expire();
}
