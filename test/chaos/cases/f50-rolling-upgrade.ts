import { encodeFrame, decodeFrame } from '#libs/events';
import { QUEUES } from '#libs/messaging';
import { type ChaosCase, everywhere } from '../case.js';
import type { ChaosPlatform } from '../platform/chaos-platform.js';
import type { Stage } from '../stage.js';

/** A version that only adds, as each of ours must: columns with a default, and its own line in the register. */
const NEXT_SCHEMA = `
ALTER TABLE event ADD COLUMN of_next_version int NOT NULL DEFAULT 7;
ALTER TABLE delivery ADD COLUMN of_next_version int NOT NULL DEFAULT 7;
ALTER TABLE subscription ADD COLUMN of_next_version text;
ALTER TABLE guestbook.outbox_message ADD COLUMN of_next_version text;
INSERT INTO schema_migration (timestamp, name) VALUES (1999999999999, 'OfNextVersion1999999999999')`;

/** What this version writes at the head of a message of deliveries. */
interface DeliveryHeader {
  readonly kind: string;
  readonly names: readonly string[];
  readonly base: number;
  readonly events: readonly [
    id: string,
    tenant: number,
    type: number,
    subject: string | null,
    timestamp: number,
    isInline: boolean,
  ][];
  readonly deliveries: readonly [
    id: string,
    event: number,
    subscription: number,
    fence: number,
    attemptCount: number,
    leaseUntil: number,
  ][];
}

/** What the relay had published inside a process that was stopped is published again then. */
const OUTBOX_LEASE_MS = 30_000;

/**
 * There is no other version of the product yet to run beside this one, so what another version would leave behind is
 * made by hand: its schema, and its messages. What runs is this version alone.
 */
export const chaosCase: ChaosCase = {
  id: 'F50',
  name: 'rolling-upgrade',
  inject:
    'under load: the schema of a next version, messages of an older and of a newer one, each process replaced',
  expect:
    'processes of this version go on and start over the next schema; no message is lost, one that none can read is put aside',
  modes: everywhere('run'),

  async run(stage) {
    // Given
    const platform = await stage.platform({});
    const { type, endpoint } = await stage.subscribe({ timeoutMs: 1000 });
    const publisher = stage.publisher();
    const load = publisher.load(type, 30);
    await endpoint.delivers(10);

    // Inject: a migration in the middle of the traffic, then this version over it, process by process.
    await platform.sql.query(NEXT_SCHEMA);
    await publisher.commit(type, 10);
    for (const process of platform.processes) {
      await process.stop();
      if (process.exitCode !== 0) throw new Error(`it ended with ${process.exitCode}\n${process.log}`);
      await process.start();
    }
    await publisher.commit(type, 10);
    await load.stop();
    if (stage.mode === 'full') await otherVersions(stage, platform, type);

    // Expect
    return stage.judge({ withinMs: OUTBOX_LEASE_MS + stage.recoveryMs(1000) });
  },
};

/** Messages that wait are turned into those of other versions. */
async function otherVersions(stage: Stage, platform: ChaosPlatform, type: string): Promise<void> {
  await Promise.all(platform.workers.map((worker) => worker.stop()));
  await stage.publisher().publish(type, 30, { atOnce: 3 });
  const queues = await platform.openQueues();
  await queues.takeDeadReasons();
  const waiting = (await queues.takeAll(QUEUES.deliveries)).map(({ content }) => content);
  const changes = [older, newer, unreadable];
  if (waiting.length < changes.length) throw new Error(`only ${waiting.length} messages waited`);
  const changed = waiting.map((message, index) => changes[index % changes.length]?.(message) ?? message);
  await queues.put(QUEUES.deliveries, changed);
  await platform.heal();
  const unread = Math.floor(waiting.length / changes.length);
  const reasons: string[] = [];
  await stage.eventually(async () => {
    reasons.push(...(await queues.takeDeadReasons()));
    if (reasons.length !== unread)
      throw new Error(`${reasons.length} of ${unread} were put aside: ${reasons.join('; ')}`);
  });
  await queues.close();
}

/** Before messages had leases, and a list of the names in them. */
function older(message: Buffer): Buffer {
  const { header, payloads } = decodeFrame<DeliveryHeader>(message);
  const { kind, names, base } = header;
  const events = header.events.map(([id, tenant, type, subject, timestamp, isInline]) => {
    return [id, names[tenant], names[type], subject, base + timestamp, isInline];
  });
  const deliveries = header.deliveries.map(([id, event, subscription, fence, attempts, leaseUntil]) => {
    return [id, event, names[subscription], fence, attempts, base + leaseUntil];
  });
  return encodeFrame({ kind, events, deliveries }, payloads);
}

/** With a member that this version does not know. */
function newer(message: Buffer): Buffer {
  const { header, payloads } = decodeFrame<Record<string, unknown>>(message);
  return encodeFrame({ ...header, ofNextVersion: true }, payloads);
}

/** In an envelope of another kind; its deliveries are in PostgreSQL, and leased until this is noticed. */
const unreadable = (message: Buffer): Buffer => Buffer.concat([Buffer.from('BHF2'), message.subarray(4)]);
