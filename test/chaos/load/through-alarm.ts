import type { Tally } from '../oracle/tally.js';
import type { ChaosPlatform } from '../platform/chaos-platform.js';
import type { Stage } from '../stage.js';

/** Arguments of rabbitmqctl. */
export interface Alarm {
  readonly raise: readonly string[];
  readonly clear: readonly string[];
}

const COUNT = 30;

/** An alarm with messages in the queue, events that come meanwhile over both ways, and the end of the alarm. */
export async function throughAlarm(stage: Stage, { raise, clear }: Alarm): Promise<Tally> {
  // Given: messages that RabbitMQ has and nobody works on.
  const platform = await stage.platform();
  const { type, endpoint } = await stage.subscribe({ timeoutMs: 4000 });
  const publisher = stage.publisher();
  await publisher.publish(type, 1);
  await endpoint.delivers(1);
  for (const worker of platform.workers) worker.freeze();
  await publisher.publish(type, COUNT);
  await untilPushed(stage, platform, type);

  // Inject
  await platform.rabbit?.ctl(...raise);
  try {
    // Expect: RabbitMQ tells a connection of it when it publishes the next time.
    await stage.eventually(async () => {
      await publisher.publish(type, 1);
      const blocked = await platform.api().metric('bellhop_broker_blocked');
      if (blocked !== 1) throw new Error(`bellhop_broker_blocked is ${blocked}`);
    });
    for (const worker of platform.workers) worker.thaw();
    await endpoint.delivers(1 + COUNT);
    await publisher.publish(type, COUNT);
    await publisher.commit(type, COUNT);
    if (stage.book.refusals.size > 0) throw new Error('the API refused events during the alarm');
  } finally {
    await platform.rabbit?.ctl(...clear);
  }
  await platform.ready();
  return stage.judge();
}

/** None of them is left to the feeder. */
async function untilPushed(stage: Stage, platform: ChaosPlatform, type: string): Promise<void> {
  await stage.eventually(async () => {
    const due = await platform.sql.read(
      'SELECT FROM delivery WHERE event_type = $1 AND next_attempt_at IS NOT NULL',
      [type],
    );
    if (due.length > 0) throw new Error(`${due.length} deliveries never went to the queue`);
  });
}
