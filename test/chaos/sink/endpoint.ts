import { eventuallyGives } from '../../support/eventually.js';
import type { Behaviour } from './behaviour.js';
import type { Sink } from './sink.js';
import { type AnswerRecord, isSuccess, type RequestRecord } from './sink-log.js';

interface Place {
  readonly path: string;
  readonly url: string;
  readonly secret: string;
}

/** One URL of the sink. */
export class Endpoint {
  /** Whether signatures are checked, and with which secret; null checks none. */
  secret: string | null;

  constructor(
    private readonly sink: Sink,
    private readonly place: Place,
  ) {
    this.secret = place.secret;
  }

  get url(): string {
    return this.place.url;
  }

  get path(): string {
    return this.place.path;
  }

  /** For the next requests, one each; the last one stays. */
  async behave(...plan: readonly [Behaviour, ...Behaviour[]]): Promise<void> {
    await this.sink.configure(this.path, { secret: this.secret, plan });
  }

  async requests(): Promise<readonly RequestRecord[]> {
    return (await this.sink.recordsOf(this.path)).filter((record) => record.kind === 'request');
  }

  async answers(): Promise<readonly AnswerRecord[]> {
    return (await this.sink.recordsOf(this.path)).filter((record) => record.kind === 'answer');
  }

  /** The webhook-ids that were answered with 2xx. */
  async delivered(): Promise<ReadonlySet<string>> {
    return new Set((await this.answers()).filter(isSuccess).map(({ id }) => id));
  }

  /** Resolves when so many requests have come. */
  async receives(count: number, withinMs = 20_000): Promise<readonly RequestRecord[]> {
    let came = 0;
    const probe = async (): Promise<readonly RequestRecord[] | null> => {
      const requests = await this.requests();
      came = requests.length;
      return came >= count ? requests : null;
    };
    const describe = (): string => `${came} of ${count} requests came to ${this.path} within ${withinMs} ms`;
    return eventuallyGives(probe, { timeoutMs: withinMs, describe });
  }

  /** Resolves when so many deliveries were answered with 2xx. */
  async delivers(count: number, withinMs = 20_000): Promise<void> {
    let done = 0;
    const probe = async (): Promise<boolean> => {
      done = (await this.delivered()).size;
      return done >= count;
    };
    const describe = (): string => `${done} of ${count} were delivered to ${this.path} within ${withinMs} ms`;
    await eventuallyGives(probe, { timeoutMs: withinMs, describe });
  }
}
