import { encodeFrame } from '#libs/events';
import type { OutboxRow } from './outbox-row.js';

/** Few enough that one frame is a short piece of intake's work, many enough that the broker's cost per event is small. */
const MAX_FRAME_EVENTS = 100;
const MAX_FRAME_BYTES = 1024 * 1024;

/** A broker message and the rows that travel in it. */
export interface EventFrame {
  readonly ids: readonly string[];
  readonly body: Buffer;
}

/** Packs rows, in their order, into messages of at most 100 events and 1 MiB of data. */
export function packEvents(outbox: string, rows: readonly OutboxRow[]): EventFrame[] {
  return groupsOf(rows).map((group) => ({ ids: group.map((row) => row.id), body: frameOf(outbox, group) }));
}

function groupsOf(rows: readonly OutboxRow[]): OutboxRow[][] {
  const groups: OutboxRow[][] = [];
  let group: OutboxRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    const isFull = group.length === MAX_FRAME_EVENTS || bytes + row.data.length > MAX_FRAME_BYTES;
    if (group.length === 0 || isFull) {
      group = [];
      bytes = 0;
      groups.push(group);
    }
    group.push(row);
    bytes += row.data.length;
  }
  return groups;
}

function frameOf(outbox: string, rows: readonly OutboxRow[]): Buffer {
  const events = rows.map(({ id, tenantId, type, subject, occurredAt }) => ({
    id,
    tenantId,
    type,
    subject,
    timestamp: occurredAt.toISOString(),
  }));
  return encodeFrame(
    { kind: 'events', outbox, events },
    rows.map((row) => row.data),
  );
}
