import { afterAll, beforeEach, expect, test } from 'vitest';
import type { Claim, EventStore, NewEvent } from '#libs/receiver';
import { eventuallyGives } from '../../support/eventually.js';

export interface StoreUnderTest {
  /** An empty store of at most four unfinished events. */
  readonly make: () => Promise<EventStore>;
  readonly close: () => Promise<void>;
}

const LEASE = { leaseMs: 60_000 };
const event = (id: string, key = id): NewEvent => ({
  id,
  key,
  type: 'a.b',
  payload: Buffer.from([0, 255, 10]),
});

/** What both stores promise. */
export function storeContract(name: string, { make, close }: StoreUnderTest): void {
  let store: EventStore;
  beforeEach(async () => {
    store = await make();
  });
  afterAll(close);

  const keep = async (...events: NewEvent[]): Promise<void> => {
    for (const one of events) expect(await store.keep(one)).toBe('new');
  };
  const claimed = async (): Promise<Claim> => eventuallyGives(() => store.claim(LEASE));

  test(`${name}: what is kept is handed out once, byte for byte, in its order`, async () => {
    await keep(event('e1'), event('e2'));
    const claims = [await store.claim(LEASE), await store.claim(LEASE), await store.claim(LEASE)];
    expect(claims.map((claim) => claim?.event.id)).toEqual(['e1', 'e2', undefined]);
    expect(claims[0]).toMatchObject({ attempt: 1, event: event('e1') });
    expect(claims[0]?.event.receivedAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  test(`${name}: a repetition is recognised, before the work is done and after`, async () => {
    await keep(event('e1'));
    expect(await store.keep(event('e1'))).toBe('unfinished');
    await store.finish(await claimed());
    expect(await store.keep(event('e1'))).toBe('finished');
    expect(await store.claim(LEASE)).toBeNull();
  });

  test(`${name}: repetitions that come at once are kept once`, async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => store.keep(event('e1'))));
    expect(answers.toSorted()).toEqual(['new', 'unfinished', 'unfinished', 'unfinished', 'unfinished']);
  });

  test(`${name}: a key is in one worker's hands at a time, and its events keep their order`, async () => {
    await keep(event('a1', 'a'), event('a2', 'a'), event('b1', 'b'));
    const [first, second, none] = [
      await store.claim(LEASE),
      await store.claim(LEASE),
      await store.claim(LEASE),
    ];
    expect([first?.event.id, second?.event.id, none]).toEqual(['a1', 'b1', null]);
    if (first) await store.finish(first);
    expect((await claimed()).event.id).toBe('a2');
  });

  test(`${name}: workers that grab at once never hold one key twice`, async () => {
    await keep(event('a1', 'a'), event('a2', 'a'), event('b1', 'b'), event('b2', 'b'));
    const grabs = await Promise.all(Array.from({ length: 12 }, () => store.claim(LEASE)));
    const keys = grabs.flatMap((claim) => (claim ? [claim.event.key] : []));
    expect(keys).toHaveLength(new Set(keys).size);
  });

  test(`${name}: what failed comes again after its wait, before the others of its key`, async () => {
    await keep(event('a1', 'a'), event('a2', 'a'));
    await store.setBack(await claimed(), { reason: 'no', retryAfterMs: 30 });
    const again = await claimed();
    expect(again).toMatchObject({ attempt: 2, event: { id: 'a1' } });
  });

  test(`${name}: what was given up is finished, and lets the next one pass`, async () => {
    await keep(event('a1', 'a'), event('a2', 'a'));
    await store.setBack(await claimed(), { reason: 'no\0 \ud800', retryAfterMs: null });
    expect((await claimed()).event.id).toBe('a2');
    expect(await store.keep(event('a1', 'a'))).toBe('finished');
  });

  test(`${name}: one event can be asked for, if its key is free`, async () => {
    await keep(event('a1', 'a'), event('a2', 'a'), event('b1', 'b'));
    expect((await store.claim({ ...LEASE, id: 'b1' }))?.event.id).toBe('b1');
    expect(await store.claim({ ...LEASE, id: 'b1' })).toBeNull();
    expect(await store.claim({ ...LEASE, id: 'a2' })).toBeNull();
  });

  test(`${name}: a full store takes nothing more, and recognises what it has`, async () => {
    await keep(event('e1'), event('e2'), event('e3'), event('e4'));
    expect(await store.keep(event('e5'))).toBe('full');
    expect(await store.keep(event('e4'))).toBe('unfinished');
    await store.finish(await claimed());
    expect(await store.keep(event('e5'))).toBe('new');
    expect(await store.countUnfinished()).toBe(4);
  });

  test(`${name}: what is dropped was never there; what is in somebody's hands is not dropped`, async () => {
    await keep(event('a1', 'a'), event('a2', 'a'), event('b1', 'b'));
    const held = await claimed();
    await store.drop('a1');
    await store.drop('a2');
    expect(await store.countUnfinished()).toBe(2);
    expect(await store.keep(event('a2', 'a'))).toBe('new');
    await store.finish(held);
    const rest = [await claimed(), await claimed()].map((claim) => claim.event.id);
    expect(rest.toSorted()).toEqual(['a2', 'b1']);
  });

  test(`${name}: a claim that was settled settles nothing more`, async () => {
    await keep(event('e1'));
    const stale = await claimed();
    await store.setBack(stale, { reason: 'no', retryAfterMs: 0 });
    const current = await claimed();
    await store.finish(stale);
    expect(await store.extend(stale, 1000)).toBe(false);
    expect(await store.extend(current, 1000)).toBe(true);
    expect(await store.countUnfinished()).toBe(1);
  });
}
