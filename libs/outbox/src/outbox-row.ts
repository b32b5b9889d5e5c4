import { isEventTypeName, isUuid, MAX_EVENT_BYTES, MAX_SUBJECT_LENGTH, type NewEvent } from '#libs/events';
import { AppError, DEFAULT_TENANT_ID, fromTypeId, type IdPrefix, newId } from '#libs/kernel';

const HALF_CHARACTER = /\p{Surrogate}/u;

/** An event as it waits in the outbox. `data` holds the bytes that every later step passes on untouched. */
export interface OutboxRow {
  readonly id: string;
  readonly tenantId: string;
  readonly type: string;
  readonly subject: string | null;
  readonly occurredAt: Date;
  readonly data: Buffer;
}

/** Checks an event and serialises its data; this is the only place where a published event becomes JSON. */
export function toOutboxRow(event: NewEvent, now: Date): OutboxRow {
  return {
    id: event.id === undefined ? newId() : uuidOf('evt', event.id, 'invalid_event_id'),
    tenantId:
      event.tenantId === undefined ? DEFAULT_TENANT_ID : uuidOf('ten', event.tenantId, 'invalid_tenant_id'),
    type: checkedType(event.type),
    subject: checkedSubject(event.subject),
    occurredAt: checkedTime(event.timestamp ?? now),
    data: serialise(event.data),
  };
}

function uuidOf(prefix: IdPrefix, text: string, code: string): string {
  const uuid = fromTypeId(prefix, text) ?? text.toLowerCase();
  if (!isUuid(uuid))
    throw new AppError('invalid', code, `Expected a UUID or an id that begins with ${prefix}_.`);
  return uuid;
}

function checkedType(type: string): string {
  if (isEventTypeName(type)) return type;
  throw new AppError(
    'invalid',
    'invalid_event_type',
    'An event type reads like area.thing.happened: letters, digits and _ in at least two parts, 128 characters at most.',
    { errors: [{ field: 'type', message: 'is not an event type' }] },
  );
}

function checkedSubject(subject: string | undefined): string | null {
  if (subject === undefined) return null;
  // PostgreSQL's text holds neither NUL nor half a character, and a changed subject would be a wrong one.
  const isStorable = !subject.includes('\0') && !HALF_CHARACTER.test(subject);
  if (isStorable && subject.length <= MAX_SUBJECT_LENGTH) return subject;
  const message = `must be well-formed text without NUL, ${MAX_SUBJECT_LENGTH} characters at most`;
  throw new AppError('invalid', 'invalid_event_subject', `The subject ${message}.`, {
    errors: [{ field: 'subject', message }],
  });
}

function checkedTime(timestamp: Date): Date {
  if (!Number.isNaN(timestamp.getTime())) return timestamp;
  throw new AppError('invalid', 'invalid_event_timestamp', 'The timestamp is not a date.', {
    errors: [{ field: 'timestamp', message: 'is not a date' }],
  });
}

function serialise(data: unknown): Buffer {
  const bytes = Buffer.from(toJson(data));
  if (bytes.length <= MAX_EVENT_BYTES) return bytes;
  throw new AppError(
    'too_large',
    'event_too_large',
    `The event's data has ${bytes.length} bytes, ${MAX_EVENT_BYTES} are allowed; put large things behind a link.`,
    { errors: [{ field: 'data', message: `has more than ${MAX_EVENT_BYTES} bytes` }] },
  );
}

function toJson(data: unknown): string {
  try {
    const text = JSON.stringify(data) as string | undefined;
    if (text !== undefined) return text;
  } catch (error) {
    throw notJson(error);
  }
  throw notJson(undefined);
}

function notJson(cause: unknown): AppError {
  return new AppError('invalid', 'invalid_event_data', 'The data cannot be written as JSON.', {
    errors: [{ field: 'data', message: 'cannot be written as JSON' }],
    cause,
  });
}
