import {
  type BellhopEvent,
  isEventTypeName,
  MAX_EVENT_BYTES,
  MAX_EVENT_TYPE_LENGTH,
  MAX_SUBJECT_LENGTH,
} from '#libs/events';
import { AppError, type FieldError, fromTypeId, ID_PREFIX, newId, toTypeId } from '#libs/kernel';

const MEMBERS = new Set(['type', 'data', 'id', 'timestamp', 'subject', 'tenantId']);
/** ISO 8601 with a zone: a time without one means another moment in another place. */
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;

/** An event as a publisher sent it, parsed, together with the bytes of its `data`. */
export interface EventInput {
  readonly tenantId: string;
  readonly body: unknown;
  readonly data: Buffer | undefined;
}

/** The event that the input describes; throws an AppError that names every fault of it. */
export function readEvent({ tenantId, body, data }: EventInput, now: Date): BellhopEvent {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new AppError('invalid', 'validation_failed', 'An event is a JSON object with `type` and `data`.', {
      errors: [{ field: '', message: 'must be an object' }],
    });
  }
  const members = body as Record<string, unknown>;
  const errors = faultsOf(members, { tenantId, data });
  if (errors.length > 0) {
    throw new AppError('invalid', 'validation_failed', 'The event has faults; see `errors`.', { errors });
  }
  if (data === undefined || data.length > MAX_EVENT_BYTES) throw tooLarge(data?.length ?? 0);
  return {
    id: typeof members.id === 'string' ? (fromTypeId(ID_PREFIX.event, members.id) ?? newId()) : newId(),
    tenantId,
    type: members.type as string,
    subject: typeof members.subject === 'string' ? members.subject.toWellFormed() : null,
    timestamp: typeof members.timestamp === 'string' ? new Date(members.timestamp) : now,
    data,
  };
}

function tooLarge(bytes: number): AppError {
  const message = `The event's data has ${bytes} bytes; at most ${MAX_EVENT_BYTES} are accepted. Send a link to larger things.`;
  return new AppError('too_large', 'event_too_large', message, { errors: [{ field: 'data', message }] });
}

function faultsOf(
  members: Record<string, unknown>,
  { tenantId, data }: Pick<EventInput, 'tenantId' | 'data'>,
): FieldError[] {
  const errors: FieldError[] = [];
  const check = (field: string, isFine: boolean, message: string): void => {
    if (!isFine) errors.push({ field, message });
  };
  const { type, id, timestamp, subject } = members;
  check('type', typeof type === 'string' && isEventTypeName(type), TYPE_RULE);
  check('data', data !== undefined, 'is missing; send {} when there is nothing to say');
  check(
    'id',
    id === undefined || isEventId(id),
    'must be an id like evt_01h455vb4pex5vsknk084sn02q; leave it out for a new one',
  );
  check(
    'timestamp',
    timestamp === undefined || isTimestamp(timestamp),
    'must be a time with a zone like 2026-11-22T04:00:00.000Z',
  );
  check(
    'subject',
    subject === undefined || isSubject(subject),
    `must be 1 to ${MAX_SUBJECT_LENGTH} characters without NUL`,
  );
  if (members.tenantId !== undefined) {
    const own = toTypeId(ID_PREFIX.tenant, tenantId);
    check('tenantId', members.tenantId === own, `must be ${own}, the tenant of the request`);
  }
  for (const name of Object.keys(members)) {
    check(name.slice(0, 64), MEMBERS.has(name), `is no member of an event; payloads belong into data`);
  }
  return errors;
}

const TYPE_RULE = `must look like area.thing.happened: letters, digits and _ between dots, at most ${MAX_EVENT_TYPE_LENGTH} characters`;

function isEventId(id: unknown): boolean {
  return typeof id === 'string' && fromTypeId(ID_PREFIX.event, id) !== null;
}

function isTimestamp(timestamp: unknown): boolean {
  return typeof timestamp === 'string' && TIMESTAMP.test(timestamp) && !Number.isNaN(Date.parse(timestamp));
}

function isSubject(subject: unknown): boolean {
  return (
    typeof subject === 'string' &&
    subject.length >= 1 &&
    subject.length <= MAX_SUBJECT_LENGTH &&
    !subject.includes('\0')
  );
}
