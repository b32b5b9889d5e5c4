import { type BellhopEvent, decodeFrame, FrameError, isEventTypeName, isUuid } from '#libs/events';
import { AppError, DEFAULT_TENANT_ID } from '#libs/kernel';
import { outboxSchemas } from '#libs/outbox';
import { readEvent } from './event-input.js';
import type { IntakeJob } from './intake-job.js';
import { memberSlice } from './json-slices.js';

interface EventsHeader {
  readonly kind: string;
  readonly outbox: string | null;
  readonly events: readonly {
    id: string;
    tenantId: string;
    type: string;
    subject: string | null;
    timestamp: string;
  }[];
}

/** The message cannot be understood, now or later; its text says why. */
export class UnreadableMessage extends Error {}

/** What a message of the events queue asks to accept: a frame of the relay, or one event as JSON from elsewhere. */
export function readIncoming(body: Buffer, now: Date): IntakeJob {
  try {
    return body[0] === 0x42 ? fromFrame(body) : fromJson(body, now);
  } catch (error) {
    if (error instanceof FrameError) throw new UnreadableMessage(error.message, { cause: error });
    if (error instanceof SyntaxError)
      throw new UnreadableMessage('neither a frame nor JSON', { cause: error });
    if (error instanceof AppError) throw new UnreadableMessage(describe(error), { cause: error });
    throw error;
  }
}

function fromFrame(body: Buffer): IntakeJob {
  const { header, payloads } = decodeFrame<EventsHeader>(body);
  if (header.kind !== 'events') throw new FrameError(`unexpected kind ${String(header.kind).slice(0, 40)}`);
  if (!isListOfObjects(header.events)) throw new FrameError('the header lists no events');
  const events = header.events.map((event, index): BellhopEvent => {
    const data = payloads[index];
    if (data === undefined) throw new FrameError('an event without its payload');
    const timestamp = new Date(event.timestamp);
    if (!isWellFormed(event, timestamp)) throw new FrameError('an event with a broken header');
    return { ...event, timestamp, data };
  });
  if (header.outbox === null) return { events };
  if (!outboxSchemas.includes(header.outbox)) throw new FrameError('an unknown outbox');
  return { events, outbox: header.outbox };
}

const isListOfObjects = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null);

/** One broken event must not spoil the transaction of all the others that are accepted with it. */
function isWellFormed({ id, tenantId, type }: EventsHeader['events'][number], timestamp: Date): boolean {
  return isUuid(id) && isUuid(tenantId) && isEventTypeName(type) && !Number.isNaN(timestamp.getTime());
}

/** Events from elsewhere belong to the default tenant: the broker does not tell who published. */
function fromJson(body: Buffer, now: Date): IntakeJob {
  const parsed = JSON.parse(body.toString()) as unknown;
  const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  const data = isObject ? memberSlice(body, 'data') : undefined;
  return { events: [readEvent({ tenantId: DEFAULT_TENANT_ID, body: parsed, data }, now)] };
}

function describe({ message, errors }: AppError): string {
  return [message, ...errors.map(({ field, message: fault }) => `${field} ${fault}`)].join(' ');
}
