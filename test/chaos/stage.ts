import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fromTypeId } from '#libs/kernel';
import { eventually, type EventuallyOptions } from '../support/eventually.js';
import type { Mode } from './case.js';
import { Publisher } from './load/publisher.js';
import { Book } from './oracle/book.js';
import { gather, type Wish } from './oracle/evidence.js';
import { judge, type Judgement, type Rules } from './oracle/judgement.js';
import type { Tally } from './oracle/tally.js';
import type { ChaosPlatform, PlatformOptions } from './platform/chaos-platform.js';
import { TcpProxy } from './proxy/tcp-proxy.js';
import type { Random } from './random.js';
import type { Endpoint } from './sink/endpoint.js';
import type { Sink } from './sink/sink.js';

/** What the command was asked for. */
export interface OutageLength {
  readonly isFullLength: boolean;
  readonly outageMinutes: number;
}

export interface StageParts {
  readonly mode: Mode;
  readonly random: Random;
  readonly outage: OutageLength;
  readonly sink: Sink;
  /** The one of the run, healthy. */
  readonly shared: () => Promise<ChaosPlatform>;
  /** One of the case's own; the runner stops it. */
  readonly own: (options: PlatformOptions) => Promise<ChaosPlatform>;
  readonly note: (line: string) => void;
  /** A folder of the run; it goes with it. */
  readonly folder: string;
}

/** The margin of a lease over the timeout, and the time within which its end must have been noticed. */
const LEASE_MARGIN_MS = 10_000;
const NOTICED_WITHIN_MS = 5_000;
const OPEN_LOOK_MS = 200;

/** What the oracle found; its tally is shown all the same. */
export class BrokenInvariants extends Error {
  readonly tally: Tally;

  constructor({ faults, tally }: Judgement) {
    super(faults.join('\n'));
    this.tally = tally;
  }
}

/** What a case works with. Its event types, subscriptions and endpoints are its own, so it sees nobody else's events. */
export class Stage {
  readonly book = new Book();
  private readonly wishes: Wish[] = [];
  private readonly types = new Set<string>();
  private readonly chores: (() => Promise<void>)[] = [];
  private current: ChaosPlatform | null = null;

  constructor(private readonly parts: StageParts) {}

  get mode(): Mode {
    return this.parts.mode;
  }

  get random(): Random {
    return this.parts.random;
  }

  /** How long an outage is to last: in proportion, as long as the catalogue says, or what the command was asked for. */
  outageSeconds({ scaled, full }: { readonly scaled: number; readonly full: number }): number {
    const { isFullLength, outageMinutes } = this.parts.outage;
    if (outageMinutes > 0) return outageMinutes * 60;
    return isFullLength ? full : scaled;
  }

  get sink(): Sink {
    return this.parts.sink;
  }

  note(line: string): void {
    this.parts.note(line);
  }

  /** A path of the case's own. */
  newPath(name: string): string {
    return path.join(this.parts.folder, `${name}-${randomBytes(4).toString('hex')}`);
  }

  /** Done when the case is over, however it ended, and its own platforms are gone; the last one first. */
  afterwards(chore: () => Promise<void>): void {
    this.chores.push(chore);
  }

  async tidy(): Promise<void> {
    for (const chore of this.chores.splice(0).toReversed())
      await chore().catch((error: unknown) => this.note(`left behind: ${String(error)}`));
  }

  /** A running platform. Without options the one that all cases of the mode share; with options one of its own. */
  async platform(options?: PlatformOptions): Promise<ChaosPlatform> {
    this.current = await (options === undefined ? this.parts.shared() : this.parts.own(options));
    return this.current;
  }

  publisher(): Publisher {
    const publisher = new Publisher(this.inUse(), this.book);
    this.afterwards(() => publisher.stopLoads());
    return publisher;
  }

  /** An event type that no other case uses, known to the platform. */
  async eventType(): Promise<string> {
    const name = `chaos.c${randomBytes(6).toString('hex')}.happened`;
    await this.inUse().call('POST', '/v1/event-types', { name });
    this.types.add(name);
    return name;
  }

  /**
   * An endpoint of the sink that answers 200, subscribed to an event type of its own or to the one that is given.
   * `fields` go to the subscription, for example `timeoutMs` and `maxInFlight`.
   */
  async subscribe(fields: Readonly<Record<string, unknown>> = {}, type?: string): Promise<Subscribed> {
    const eventType = type ?? (await this.eventType());
    const endpoint = await this.sink.endpoint(this.mode);
    return this.enrol(endpoint, endpoint.url, { ...fields, eventTypes: [eventType] });
  }

  /** As `subscribe`, with a proxy before the endpoint, which breaks the way to it alone. */
  async subscribeThroughProxy(
    fields: Readonly<Record<string, unknown>> = {},
  ): Promise<Subscribed & { readonly proxy: TcpProxy }> {
    const eventTypes = [await this.eventType()];
    const endpoint = await this.sink.endpoint(this.mode);
    const { proxy, url } = await TcpProxy.before(endpoint.url);
    this.afterwards(() => proxy.stop());
    return { ...(await this.enrol(endpoint, url, { ...fields, eventTypes })), proxy };
  }

  /** So many subscriptions to one event type, each with an endpoint of its own. */
  async subscribeMany(
    count: number,
    fields: Readonly<Record<string, unknown>> = {},
  ): Promise<{ readonly type: string; readonly endpoints: readonly Endpoint[] }> {
    const type = await this.eventType();
    const subscribed = await Promise.all(Array.from({ length: count }, () => this.subscribe(fields, type)));
    return { type, endpoints: subscribed.map(({ endpoint }) => endpoint) };
  }

  /** Within this after a kill, all that was in flight with that timeout must have been delivered. */
  recoveryMs(timeoutMs: number): number {
    return timeoutMs + LEASE_MARGIN_MS + NOTICED_WITHIN_MS;
  }

  /** Repeats `probe` until it stops throwing. */
  eventually<T>(probe: () => T | Promise<T>, options: EventuallyOptions = {}): Promise<T> {
    return eventually(probe, options);
  }

  /**
   * The last line of every case: waits until all that was accepted has come to its end, and throws unless every
   * invariant held.
   */
  async judge(rules: Rules = {}): Promise<Tally> {
    const deadline = performance.now() + (rules.withinMs ?? 30_000);
    let judgement = await this.look(rules);
    while (judgement.isOpen && performance.now() < deadline) {
      await pause(OPEN_LOOK_MS);
      judgement = await this.look(rules);
    }
    // The record follows the answer by some milliseconds: one more look if something seems to be wrong.
    if (judgement.faults.length > 0) {
      await pause(OPEN_LOOK_MS * 5);
      judgement = await this.look(rules);
    }
    if (judgement.faults.length > 0) throw new BrokenInvariants(judgement);
    return judgement.tally;
  }

  private async enrol(
    endpoint: Endpoint,
    url: string,
    fields: Readonly<Record<string, unknown>> & { readonly eventTypes: readonly string[] },
  ): Promise<Subscribed> {
    const body = { url, secret: endpoint.secret, handshake: 'none', ...fields };
    const { id } = await this.inUse().call<{ id: string }>('POST', '/v1/subscriptions', body);
    const subscriptionId = fromTypeId('sub', id) ?? id;
    const [type = ''] = fields.eventTypes;
    this.wishes.push({ subscriptionId, type, endpoint });
    return { id, subscriptionId, type, endpoint };
  }

  private async look(rules: Rules): Promise<Judgement> {
    const evidence = await gather(this.inUse().sql, this.wishes, [...this.types]);
    return judge({ book: this.book, wishes: this.wishes, evidence, rules });
  }

  private inUse(): ChaosPlatform {
    if (this.current === null) throw new Error('a case begins with `await stage.platform()`');
    return this.current;
  }
}

export interface Subscribed {
  /** `sub_…` */
  readonly id: string;
  /** UUID */
  readonly subscriptionId: string;
  readonly type: string;
  readonly endpoint: Endpoint;
}
