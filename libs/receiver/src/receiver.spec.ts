import { expect, test } from 'vitest';
import { newEvent, type ReceivedEvent } from './received-event.js';
import { Receiver, type ReceiverOptions } from './receiver.js';
import { emptyAnswer, type IncomingRequest, textAnswer } from './request.js';
import { answered, brought, refused, type Sender } from './sender.js';
import { MemoryEventStore } from './stores/memory.event-store.js';

/** Takes every body: `ask` is a question, `bad` is refused, and `key/id` is an event. */
const sender: Sender = {
  name: 'double',
  read: ({ body }) => {
    const text = body.toString();
    if (text === 'ask') return answered(textAnswer('here'));
    if (text === 'bad') return refused('Not yours.');
    const ids = text.split(',');
    return brought(
      ids.map((id) => newEvent({ id, type: 't', key: id.split('/')[0] ?? '', payload: body })),
      emptyAnswer(202),
    );
  },
};

const request = (text: string): IncomingRequest => ({
  method: 'POST',
  url: '/',
  headers: {},
  body: Buffer.from(text),
});

function receiverOf(options: Partial<ReceiverOptions> & Pick<ReceiverOptions, 'work'>): Receiver {
  return new Receiver({ sender, ...options });
}

const statusOf = async (receiver: Receiver, text: string): Promise<number> =>
  (await receiver.receive(request(text))).status;

/** Work that goes on until it is let go. */
class Gate {
  readonly begun: string[] = [];
  private readonly waiting = new Map<string, PromiseWithResolvers<void>>();
  private readonly arrivals = new Map<string, PromiseWithResolvers<void>>();

  readonly work = async ({ id }: ReceivedEvent): Promise<void> => {
    this.begun.push(id);
    this.arrival(id).resolve();
    await this.at(id).promise;
  };

  begins(id: string): Promise<void> {
    return this.arrival(id).promise;
  }

  open(id: string): void {
    this.at(id).resolve();
  }

  private at(id: string): PromiseWithResolvers<void> {
    return resolversIn(this.waiting, id);
  }

  private arrival(id: string): PromiseWithResolvers<void> {
    return resolversIn(this.arrivals, id);
  }
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

function resolversIn(map: Map<string, PromiseWithResolvers<void>>, id: string): PromiseWithResolvers<void> {
  const known = map.get(id);
  if (known) return known;
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  const made = { promise, resolve };
  map.set(id, made);
  return made;
}

test('an event is acknowledged while the work on it has only begun', async () => {
  const gate = new Gate();
  const receiver = receiverOf({ work: gate.work });
  expect(await statusOf(receiver, 'a/1')).toBe(202);
  await gate.begins('a/1');
  gate.open('a/1');
  expect(await receiver.stop()).toBe(0);
});

test('questions and refusals keep nothing', async () => {
  const reasons: string[] = [];
  const receiver = receiverOf({
    work: () => expect.fail('there is no work'),
    onRefusal: (reason) => reasons.push(reason),
  });
  expect(await receiver.receive(request('ask'))).toMatchObject({ status: 200, body: 'here' });
  expect(await statusOf(receiver, 'bad')).toBe(401);
  expect(reasons).toEqual(['Not yours.']);
  expect(await receiver.stop()).toBe(0);
});

test('a repetition is acknowledged and not worked on again', async () => {
  const worked: string[] = [];
  const receiver = receiverOf({ work: ({ id }) => worked.push(id) });
  const answers = await Promise.all(['a/1', 'a/1', 'a/1'].map((text) => statusOf(receiver, text)));
  await receiver.stop();
  expect([answers, worked]).toEqual([[202, 202, 202], ['a/1']]);
});

test('events of one key are worked on one after the other, those of other keys meanwhile', async () => {
  const gate = new Gate();
  const receiver = receiverOf({ work: gate.work });
  for (const id of ['a/1', 'a/2', 'b/1']) await statusOf(receiver, id);
  await gate.begins('b/1');
  expect(gate.begun).toEqual(['a/1', 'b/1']);
  gate.open('a/1');
  await gate.begins('a/2');
  gate.open('a/2');
  gate.open('b/1');
  expect(await receiver.stop()).toBe(0);
});

test('no more is worked on at the same time than allowed', async () => {
  const gate = new Gate();
  const receiver = receiverOf({ work: gate.work, concurrency: 2 });
  const ids = ['a', 'b', 'c', 'd', 'e'];
  for (const id of ids) await statusOf(receiver, id);
  await gate.begins('b');
  expect(gate.begun).toEqual(['a', 'b']);
  for (const [index, id] of ids.entries()) {
    await gate.begins(id);
    expect(gate.begun.length - index).toBeLessThanOrEqual(2);
    gate.open(id);
  }
  expect(await receiver.stop()).toBe(0);
});

test('a full store and a stopping receiver ask the sender to come again', async () => {
  const gate = new Gate();
  const store = new MemoryEventStore({ maxUnfinished: 1 });
  const receiver = receiverOf({ work: gate.work, store });
  expect(await statusOf(receiver, 'a')).toBe(202);
  expect(await receiver.receive(request('b'))).toMatchObject({
    status: 503,
    headers: { 'retry-after': '5' },
  });
  gate.open('a');
  await receiver.stop();
  expect(await statusOf(receiver, 'a')).toBe(503);
});

test('one event larger than the whole room is taken when there is nothing else', async () => {
  const store = new MemoryEventStore({ maxUnfinishedBytes: 3 });
  const event = (id: string) => ({ id, type: 't', key: id, payload: Buffer.alloc(5) });
  expect([await store.keep(event('a')), await store.keep(event('b'))]).toEqual(['new', 'full']);
});

test('a body that is too large is refused before it is read', async () => {
  const receiver = receiverOf({ work: () => undefined, maxBodyBytes: 3 });
  expect(await statusOf(receiver, 'long')).toBe(413);
  await receiver.stop();
});

test('what fails is tried again after each wait, and then given up, with a word each time', async () => {
  const faults: unknown[] = [];
  const attempts: number[] = [];
  const gate = new Gate();
  const receiver = receiverOf({
    work: (_event, { attempt }) => {
      attempts.push(attempt);
      throw new Error(`no ${attempt}`);
    },
    retryDelaysMs: [1, 2],
    onFault: ({ error, retryAfterMs }) => {
      faults.push([String(error), retryAfterMs]);
      if (retryAfterMs === null) gate.open('over');
    },
  });
  await statusOf(receiver, 'a');
  await gate.work({ id: 'over' } as ReceivedEvent);
  expect(attempts).toEqual([1, 2, 3]);
  expect(faults).toEqual([
    ['Error: no 1', 1],
    ['Error: no 2', 2],
    ['Error: no 3', null],
  ]);
  expect(await receiver.stop()).toBe(0);
});

test('stopping works off what waits in memory', async () => {
  const worked: string[] = [];
  const receiver = receiverOf({ work: ({ id }) => worked.push(id), concurrency: 1 });
  for (const id of ['a', 'b', 'c']) await statusOf(receiver, id);
  expect(await receiver.stop()).toBe(0);
  expect(worked).toEqual(['a', 'b', 'c']);
});

test('after its time, stopping aborts what goes on and says what is left', async () => {
  const signals: AbortSignal[] = [];
  const gate = new Gate();
  const receiver = receiverOf({
    work: (event, { signal }) => {
      signals.push(signal);
      return Promise.race([
        gate.work(event),
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
      ]);
    },
  });
  await statusOf(receiver, 'a/1');
  await statusOf(receiver, 'a/2');
  await gate.begins('a/1');
  expect(await receiver.stop({ timeoutMs: 5 })).toBe(2);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
});

test('a store that is away is a 503, not an exception', async () => {
  const faults: unknown[] = [];
  const store = new MemoryEventStore();
  store.keep = () => Promise.reject(new Error('database away'));
  const receiver = receiverOf({
    work: () => undefined,
    store,
    onFault: ({ error }) => faults.push(String(error)),
  });
  expect(await statusOf(receiver, 'a')).toBe(503);
  expect(faults).toEqual(['Error: database away']);
  await receiver.stop();
});

test('where the answer waits for the work, a fault is answered, and the next try is no repetition', async () => {
  let isBroken = true;
  const receiver = receiverOf({
    acknowledge: 'when-done',
    work: () => {
      if (isBroken) throw new Error('no');
    },
  });
  expect(await statusOf(receiver, 'a')).toBe(500);
  isBroken = false;
  expect(await statusOf(receiver, 'a')).toBe(202);
  isBroken = true;
  expect(await statusOf(receiver, 'a')).toBe(202);
  expect(await receiver.stop()).toBe(0);
});

test('where the answer waits for the work, a busy key is a 503 and blocks nobody after it', async () => {
  const gate = new Gate();
  const receiver = receiverOf({ acknowledge: 'when-done', work: gate.work });
  const first = statusOf(receiver, 'a/1');
  await gate.begins('a/1');
  expect([await statusOf(receiver, 'a/2'), await statusOf(receiver, 'a/1')]).toEqual([503, 503]);
  gate.open('a/1');
  expect(await first).toBe(202);
  gate.open('a/3');
  expect(await statusOf(receiver, 'a/3')).toBe(202);
  await receiver.stop();
});

test('several events of one request are kept one by one', async () => {
  const worked: string[] = [];
  const receiver = receiverOf({ work: ({ id }) => worked.push(id), keyOf: ({ id }) => id });
  expect(await statusOf(receiver, 'a/1,a/2,b/1')).toBe(202);
  await receiver.stop();
  expect(worked.toSorted()).toEqual(['a/1', 'a/2', 'b/1']);
});
