import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
  Optional,
} from '@nestjs/common';
import { AppConfig, type EgressConfig } from '#libs/config';
import { AddressPolicy } from './address-policy.js';
import { TlsClient } from './connect-tls.js';
import { ConnectionOpener } from './connection-opener.js';
import { ConnectionPool } from './connection-pool.js';
import { Exchange, type ExchangeParts } from './exchange.js';
import { describe, type Fault } from './failure.js';
import { NameResolver, type NameServerOptions } from './name-resolver.js';
import type { OutboundRequest, OutboundResult, UrlVerdict } from './outbound-request.js';
import { isRefusal, UrlPolicy } from './url-policy.js';
import { userAgentOf } from './user-agent.js';

export const OUTBOUND_OPTIONS = Symbol('OutboundOptions');

export interface OutboundOptions {
  /** Name servers to ask instead of the system's. */
  readonly nameServers?: NameServerOptions;
  /** Certificates (PEM) of authorities to trust beside the public ones. */
  readonly authorities?: readonly string[];
}

/**
 * The one client for requests to URLs that others gave us: challenges, tests and deliveries. It connects only to
 * addresses that the policy allows, follows no redirect, uses no proxy, never decompresses, and gives up in time.
 */
@Injectable()
export class OutboundHttp implements OnModuleInit, OnApplicationShutdown {
  readonly #egress: EgressConfig;
  readonly #urls: UrlPolicy;
  readonly #names: NameResolver;
  readonly #pool = new ConnectionPool();
  readonly #parts: ExchangeParts;
  #inFlight = 0;
  #isClosed = false;
  #onDrained: (() => void) | null = null;

  constructor(config: AppConfig, @Optional() @Inject(OUTBOUND_OPTIONS) options?: OutboundOptions) {
    const addresses = new AddressPolicy(config.egress);
    this.#egress = config.egress;
    this.#urls = new UrlPolicy(config.egress, addresses);
    this.#names = new NameResolver(options?.nameServers);
    this.#parts = {
      pool: this.#pool,
      opener: new ConnectionOpener(addresses, this.#names, new TlsClient(options?.authorities)),
      userAgent: userAgentOf(config.http.publicUrl),
      onOver: () => this.#leave(),
    };
  }

  onModuleInit(): void {
    const { allowLoopback, allowCidrs, allowHosts, allowPorts } = this.#egress;
    const beside = [...allowCidrs, ...allowHosts, ...allowPorts.map((port) => `port ${port}`)];
    if (allowLoopback) beside.unshift('loopback on any port');
    if (beside.length === 0) return;
    new Logger(OutboundHttp.name).warn(
      `Beside the public internet, subscribers may use: ${beside.join(', ')}`,
    );
  }

  /** Resolves with what the receiver did; never rejects for the receiver's faults. */
  request(input: OutboundRequest): Promise<OutboundResult> {
    return new Promise((resolve) => this.send(input, resolve));
  }

  /** Calls back once with what the receiver did, never before it has returned. The callback must not throw. */
  send(input: OutboundRequest, settled: (result: OutboundResult) => void): void {
    const judged = this.#urls.judge(input.url);
    if (isRefusal(judged)) {
      return settleSoon(settled, failed({ ...judged, phase: 'policy' }, judged.message));
    }
    if (this.#isClosed) return settleSoon(settled, failed({ errorType: 'aborted', phase: 'request' }));
    this.#inFlight++;
    new Exchange(input, judged, this.#parts, settled).start();
  }

  /** Judges the text of a URL, before anything is resolved. */
  judgeUrl(url: string): UrlVerdict {
    const judged = this.#urls.judge(url);
    return isRefusal(judged) ? { allowed: false, ...judged } : { allowed: true, url: judged.url };
  }

  /** Takes no further requests, lets those in flight end within their deadlines, and closes all connections. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#pool.close();
    if (this.#inFlight > 0) await new Promise<void>((resolve) => (this.#onDrained = resolve));
    this.#names.close();
  }

  /** Whoever wanted an answer has had its time by now: nobody waits for the rest. */
  onApplicationShutdown(): void {
    void this.close();
  }

  #leave(): void {
    if (--this.#inFlight === 0) this.#onDrained?.();
  }
}

function settleSoon(settled: (result: OutboundResult) => void, result: OutboundResult): void {
  queueMicrotask(() => settled(result));
}

function failed(fault: Fault, detail = describe(fault)): OutboundResult {
  return {
    kind: 'failure',
    errorType: fault.errorType,
    phase: fault.phase,
    detail,
    startedAt: new Date(),
    durationMs: 0,
    timings: { resolveMs: null, connectMs: null, tlsMs: null, firstByteMs: null, totalMs: 0 },
    remoteAddress: null,
    retriedConnection: false,
  };
}
