import { afterEach, beforeEach, expect, test } from 'vitest';
import { Engine } from '../deliveries/engine.js';

let engine: Engine;
beforeEach(async () => {
  engine = await Engine.start();
});
afterEach(() => engine.stop());

/** The next inserts of events fail as if another transaction had won; a sequence counts, since it is not rolled back. */
async function loseRaces(count: number, code: string): Promise<void> {
  await engine.db.query('CREATE SEQUENCE lost_races');
  await engine.db.query(`CREATE FUNCTION lose_race() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF nextval('lost_races') <= ${count} THEN RAISE EXCEPTION 'lost' USING ERRCODE = '${code}'; END IF;
    RETURN NULL;
  END $$`);
  await engine.db.query(
    'CREATE TRIGGER lose_race BEFORE INSERT ON event FOR EACH STATEMENT EXECUTE FUNCTION lose_race()',
  );
}

test.each(['40001', '40P01'])(
  'a publisher does not notice that its event lost two races (%s)',
  async (code) => {
    await engine.subscribe();
    await loseRaces(2, code);
    const { id } = await engine.publish({}, 'a-key');
    const { attempts } = await engine.settled(id, 'delivered');
    expect(attempts).toHaveLength(1);
    expect(engine.receiver.requests).toHaveLength(1);
  },
);

test('an event that loses every race is refused, with the reason', async () => {
  await loseRaces(100, '40001');
  await expect(engine.publish()).rejects.toMatchObject({ code: '40001' });
  expect(await engine.db.query('SELECT FROM event')).toHaveLength(0);
});
