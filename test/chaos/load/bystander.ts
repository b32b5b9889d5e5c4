import { setTimeout as pause } from 'node:timers/promises';
import { newId, toTypeId } from '#libs/kernel';
import { eventually } from '../../support/eventually.js';
import type { Subscribed } from '../stage.js';
import type { Publisher } from './publisher.js';

const EVENTS = 100;
const EVERY_MS = 15;
/** Below this nobody is slowed down: two processors do everything here, the fault included. */
const NOTICED_FROM_MS = 150;
const TIMES_SLOWER = 2;
const WITHIN_MS = 20_000;
/** A fault slows it down for as long as it lasts; what slowed it down once was something else on this machine. */
const LOOKS_AGAIN = 2;

/** A receiver to which nothing is done: what is done to another one must not slow it down (I6). */
export class Bystander {
  private baselineMs = 0;

  private constructor(
    private readonly subscribed: Subscribed,
    private readonly publisher: Publisher,
  ) {}

  /** Measures first what it is used to. */
  static async of(subscribed: Subscribed, publisher: Publisher): Promise<Bystander> {
    const bystander = new Bystander(subscribed, publisher);
    await bystander.slowestMs();
    bystander.baselineMs = await bystander.slowestMs();
    return bystander;
  }

  /**
   * Publishes while the fault lasts; throws if the slowest in a hundred took more than twice its usual time, and took it
   * again in one of two further hundreds.
   */
  async isUnaffected(): Promise<void> {
    const allowedMs = Math.max(NOTICED_FROM_MS, this.baselineMs * TIMES_SLOWER);
    const firstMs = await this.slowestMs();
    if (firstMs <= allowedMs) return;
    for (let look = 0; look < LOOKS_AGAIN; look += 1) {
      const tookMs = await this.slowestMs();
      if (tookMs > allowedMs) throw this.slowedDown(firstMs, tookMs);
    }
  }

  private slowedDown(...tookMs: readonly number[]): Error {
    const waited = tookMs.map((ms) => `${Math.round(ms)} ms`).join(' and ');
    return new Error(`I6: the bystander waited ${waited}, used to ${Math.round(this.baselineMs)} ms`);
  }

  /** From the call of the publisher to the request, for the slowest but one of a hundred. */
  private async slowestMs(): Promise<number> {
    const { type, endpoint } = this.subscribed;
    const sentAt = new Map<string, number>();
    const posts: Promise<boolean>[] = [];
    for (let count = 0; count < EVENTS; count += 1) {
      const id = newId();
      sentAt.set(toTypeId('evt', id), Date.now());
      posts.push(this.publisher.post(type, id, {}));
      await pause(EVERY_MS);
    }
    if (!(await Promise.all(posts)).every(Boolean))
      throw new Error('I6: an event for the bystander was refused');
    return eventually(
      async () => {
        const came = (await endpoint.requests()).filter(({ id }) => sentAt.has(id));
        if (came.length < EVENTS) throw new Error(`I6: ${came.length} of ${EVENTS} came to the bystander`);
        const waits = came.map(({ id, at }) => at - (sentAt.get(id) ?? at)).toSorted((a, b) => b - a);
        return waits[1] ?? 0;
      },
      { timeoutMs: WITHIN_MS },
    );
  }
}
