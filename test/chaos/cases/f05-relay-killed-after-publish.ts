import { type ChaosCase, everywhere } from '../case.js';
import type { RabbitServer } from '../../support/rabbitmq/index.js';
import type { ChaosPlatform } from '../platform/chaos-platform.js';
import type { ChaosProcess } from '../platform/processes.js';
import type { Stage } from '../stage.js';

const TIMEOUT_MS = 1000;
/** A relay waits no longer for a confirm. */
const CONFIRMED_WITHIN_MS = 10_000;

export const chaosCase: ChaosCase = {
  id: 'F05',
  name: 'relay-killed-after-publish',
  inject:
    'SIGKILL of each relay after its publish; one that stands still while the other publishes again; a broker that takes a message and dies before its confirm',
  expect: 'what the broker has twice the receiver gets once; what it never confirmed is still in the outbox',
  modes: { ...everywhere('run'), postgres: 'fast' },

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const { type, endpoint } = await stage.subscribe({ timeoutMs: TIMEOUT_MS });
    const relays = { stage, platform, type };

    // Inject
    const inOutbox = platform.rabbit === null ? 0 : await leaveUnconfirmed(relays, platform.rabbit);
    await endpoint.delivers(inOutbox);
    const committed = inOutbox + (await killAll(relays, inOutbox));
    await endRelayLeases(relays);
    await platform.heal();
    await endpoint.delivers(committed);

    // With RabbitMQ the messages of the dead are still in the queue, so that it has had both of them by now.
    if (stage.mode === 'postgres') {
      const late = platform.worker(0);
      const more = await freezeOne(relays, late);
      await endRelayLeases(relays);
      await endpoint.delivers(committed + more);
      late.thaw();
      await platform.ready();
    }

    // Expect
    return stage.judge({ extraAtMost: 0, duplicatesAtMost: 0 });
  },
};

interface Relays {
  readonly stage: Stage;
  readonly platform: ChaosPlatform;
  readonly type: string;
}

/**
 * RabbitMQ stands still with the message on its way to it, until the relay gives up on the confirm, and dies with it:
 * a row that anybody removes before the confirm is the last that was known of its event. Gives how many were committed.
 */
async function leaveUnconfirmed({ stage, platform, type }: Relays, rabbit: RabbitServer): Promise<number> {
  process.kill(rabbit.pid, 'SIGSTOP');
  const ids = await stage.publisher().commit(type, 1);
  const lease = async (): Promise<string | null | undefined> => {
    const query = 'SELECT lease_until::text AS lease FROM guestbook.outbox_message WHERE type = $1';
    return (await platform.sql.read<{ lease: string | null }>(query, [type]))[0]?.lease;
  };
  const first = await stage.eventually(async () => {
    const taken = await lease();
    if (taken === null) throw new Error('no relay has taken the row');
    return taken;
  });
  await stage.eventually(
    async () => {
      const now = await lease();
      if (now !== undefined && now === first) throw new Error('the relay still waits for the confirm');
    },
    { timeoutMs: 2 * CONFIRMED_WITHIN_MS },
  );
  await rabbit.kill9();
  await rabbit.restart();
  await platform.ready();
  return ids.length;
}

/** Each dies with a message that the broker has confirmed; gives how many events were committed. */
async function killAll({ stage, platform, type }: Relays, before: number): Promise<number> {
  const alive = (): number => platform.workers.filter(({ isRunning }) => isRunning).length;
  await Promise.all(platform.workers.map((worker) => worker.crashAt('relay_confirmed')));
  let committed = 0;
  for (let left = alive(); left > 0; left = alive()) {
    committed += (await stage.publisher().commit(type, 1)).length;
    await stage.eventually(() => {
      if (alive() === left) throw new Error('no relay has died');
    });
    // RabbitMQ gives the message to the other one, which must be through with it before it dies.
    if (platform.rabbit !== null && alive() > 0)
      await recorded({ stage, platform, type }, before + committed);
  }
  return committed;
}

async function recorded({ stage, platform, type }: Relays, count: number): Promise<void> {
  await stage.eventually(async () => {
    const done = `SELECT id FROM delivery WHERE event_type = $1 AND status = 'delivered'`;
    if ((await platform.sql.read(done, [type])).length < count) throw new Error('not recorded yet');
  });
}

/** It stands still with a message that it has published; gives how many events were committed until it did. */
async function freezeOne({ stage, type }: Relays, relay: ChaosProcess): Promise<number> {
  await relay.crashAt('relay_confirmed', { action: 'freeze' });
  let committed = 0;
  while ((await relay.readiness()) === 200) {
    committed += (await stage.publisher().commit(type, 1)).length;
  }
  return committed;
}

/** As if the thirty seconds of a relay's lease were over. */
async function endRelayLeases({ platform, type }: Relays): Promise<void> {
  await platform.sql.read(
    `UPDATE guestbook.outbox_message SET lease_until = now() - interval '1 second' WHERE type = $1`,
    [type],
  );
}
