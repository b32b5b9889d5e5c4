import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { eventuallyGives } from '../../support/eventually.js';
import { Engine } from './engine.js';

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.start();
  await engine.subscribe();
});
afterAll(() => engine.stop());
afterEach(() => {
  vi.restoreAllMocks();
  engine.receiver.requests.length = 0;
});

/** The message is done and was so at once: its lease is gone, and nothing of it was sent again. */
async function isDoneWithOneRequest(eventId: string): Promise<void> {
  const { attempts } = await engine.settled(eventId, 'delivered');
  expect(attempts).toHaveLength(1);
  await eventuallyGives(async () => (await engine.db.query('SELECT FROM delivery_lease')).length === 0);
  expect(engine.receiver.deliveries).toHaveLength(1);
}

/**
 * Lets the first outcome be recorded, then hands over to `after` in place of PostgreSQL's answer. Returns what PostgreSQL
 * refuses from then on.
 */
function interrupt(after: (repeat: () => Promise<unknown[]>) => Promise<unknown[]>): unknown[] {
  const query = engine.db.query.bind(engine.db);
  const refused: unknown[] = [];
  let isOver = false;
  vi.spyOn(engine.db, 'query').mockImplementation(async (statement, values) => {
    const repeat = async (): Promise<never[]> => {
      try {
        return await query(statement, values);
      } catch (error) {
        refused.push(error);
        throw error;
      }
    };
    if (isOver || typeof statement === 'string' || statement.name !== 'bellhop_settle') return repeat();
    isOver = true;
    await repeat();
    return (await after(repeat)) as never[];
  });
  return refused;
}

test('an outcome whose commit was never answered is recorded once', async () => {
  const refused = interrupt(() => Promise.reject(new Error('Connection terminated unexpectedly')));
  const { id } = await engine.publish();
  await isDoneWithOneRequest(id);
  expect(refused).toEqual([]);
});

test('two attempts of one delivery in one millisecond keep nobody from being recorded', async () => {
  interrupt((repeat) => repeat());
  const { id } = await engine.publish();
  await isDoneWithOneRequest(id);
});
