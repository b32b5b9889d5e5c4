import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type BellhopEvent, MAX_BATCH_EVENTS } from '#libs/events';
import { AppError } from '#libs/kernel';
import { type ParsedEvent, SubscriptionDirectory } from '#libs/subscriptions';
import { Clock } from '../clock.js';
import { EventIntake } from './event-intake.js';
import { type EventInput, readEvent } from './event-input.js';
import type { AcceptedEvent, BatchItem, IdempotentRequest, IntakeJob, RejectedEvent } from './intake-job.js';
import { elementSlices, memberSlice } from './json-slices.js';
import { EVENT_ID_TAKEN, KnownEvents } from './known-events.js';

/** A publishing request: the bytes as they came, and what they parsed to. */
export interface PublishRequest {
  readonly tenantId: string;
  readonly rawBody: Buffer;
  readonly body: unknown;
  readonly idempotencyKey?: string | undefined;
}

const MAX_KEY_LENGTH = 255;

/** Accepts events from publishers who call the API. An event that got an answer is durable. */
@Injectable()
export class EventPublishing {
  constructor(
    private readonly intake: EventIntake,
    private readonly directory: SubscriptionDirectory,
    private readonly known: KnownEvents,
    private readonly clock: Clock,
  ) {}

  /** Accepts one event; throws an AppError that says what is wrong with it. */
  async publishOne(request: PublishRequest): Promise<AcceptedEvent> {
    await this.learnTypes(request.tenantId, [request.body]);
    const data = isObject(request.body) ? memberSlice(request.rawBody, 'data') : undefined;
    const event = this.read({ tenantId: request.tenantId, body: request.body, data }, this.clock.now());
    const idempotency = idempotencyOf(request, ([accepted]) => accepted);
    const parsed = [request.body as ParsedEvent];
    const hasNewIds = !namesAnId(request.body);
    const answer = await this.accept(request, { events: [event], parsed, hasNewIds, ...idempotency });
    if ('stored' in answer) return answer.stored as AcceptedEvent;
    const [item] = answer.items;
    if (item === undefined || 'code' in item)
      throw new AppError('conflict', EVENT_ID_TAKEN, item?.detail ?? '');
    return item;
  }

  /** Accepts the good events of a batch, in one step, and tells what is wrong with each of the others. */
  async publishBatch(request: PublishRequest): Promise<{ data: readonly BatchItem[] }> {
    await this.learnTypes(request.tenantId, isObject(request.body) ? request.body.events : []);
    const items = this.readBatch(request);
    const events = items.filter((item): item is BellhopEvent => 'tenantId' in item);
    const assemble = (accepted: readonly BatchItem[]): { data: BatchItem[] } => {
      const left = [...accepted];
      return { data: items.map((item) => ('tenantId' in item ? (left.shift() as BatchItem) : item)) };
    };
    const parsed = acceptedOf(request.body, items);
    const hasNewIds = !parsed.some(namesAnId);
    const job = { events, parsed, hasNewIds, ...idempotencyOf(request, assemble) };
    const answer = await this.accept(request, job);
    return 'stored' in answer ? (answer.stored as { data: BatchItem[] }) : assemble(answer.items);
  }

  private async accept(
    request: PublishRequest,
    job: IntakeJob,
  ): Promise<{ stored: unknown } | { items: readonly BatchItem[] }> {
    const answer = await this.intake.accept(job);
    if (answer.kind === 'accepted') return { items: await this.known.resolve(job.events, answer) };
    if (!answer.requestHash.equals(hashOf(request))) {
      const message = 'This Idempotency-Key was used for another request; take a new key for a new request.';
      throw new AppError('invalid', 'idempotency_key_reused', message);
    }
    return { stored: answer.response };
  }

  /** A type that was registered a moment ago, perhaps in another process, may not be in the directory yet. */
  private async learnTypes(tenantId: string, events: unknown): Promise<void> {
    if (!Array.isArray(events)) return;
    const isUnknown = (event: unknown): boolean =>
      isObject(event) &&
      typeof event.type === 'string' &&
      !this.directory.knowsEventType(tenantId, event.type);
    if (events.some(isUnknown)) await this.directory.catchUp();
  }

  private readBatch(request: PublishRequest): (BellhopEvent | RejectedEvent)[] {
    const { body, rawBody, tenantId } = request;
    const events = isObject(body) ? body.events : undefined;
    if (!Array.isArray(events) || events.length === 0) {
      throw new AppError(
        'invalid',
        'validation_failed',
        'A batch is an object with `events`, a list of events.',
        {
          errors: [{ field: 'events', message: 'must be a list of 1 to 1000 events' }],
        },
      );
    }
    if (events.length > MAX_BATCH_EVENTS) {
      const message = `The batch has ${events.length} events; at most ${MAX_BATCH_EVENTS} are accepted. Split it.`;
      throw new AppError('invalid', 'batch_too_large', message, { errors: [{ field: 'events', message }] });
    }
    const slices = elementSlices(memberSlice(rawBody, 'events') ?? Buffer.from('[]'));
    const now = this.clock.now();
    return events.map((event: unknown, index) => {
      const slice = slices[index];
      const data = isObject(event) && slice !== undefined ? memberSlice(slice, 'data') : undefined;
      return this.readOrReject({ tenantId, body: event, data }, now);
    });
  }

  private readOrReject(input: EventInput, now: Date): BellhopEvent | RejectedEvent {
    try {
      return this.read(input, now);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const status = error.kind === 'too_large' ? 413 : 422;
      return { code: error.code, status, detail: error.message, errors: error.errors };
    }
  }

  private read(input: EventInput, now: Date): BellhopEvent {
    const event = readEvent(input, now);
    if (!this.directory.knowsEventType(event.tenantId, event.type)) {
      const message = `is not an event type of this tenant; register it at POST /v1/event-types`;
      throw new AppError('invalid', 'unknown_event_type', `The event type ${event.type} is unknown.`, {
        errors: [{ field: 'type', message }],
      });
    }
    const errors =
      this.directory.schemaOf(event.tenantId, event.type)?.((input.body as { data: unknown }).data) ?? [];
    if (errors.length > 0) {
      const message = `The data does not fit the schema of ${event.type}; see \`errors\`.`;
      throw new AppError('invalid', 'schema_mismatch', message, { errors });
    }
    return event;
  }
}

function idempotencyOf(
  request: PublishRequest,
  respond: IdempotentRequest['respond'],
): { idempotency: IdempotentRequest } | undefined {
  const key = request.idempotencyKey;
  if (key === undefined) return undefined;
  if (key.length === 0 || key.length > MAX_KEY_LENGTH || !/^[\x20-\x7e]+$/.test(key)) {
    const message = `must be 1 to ${MAX_KEY_LENGTH} printable ASCII characters`;
    throw new AppError('invalid', 'invalid_idempotency_key', `The Idempotency-Key ${message}.`, {
      errors: [{ field: 'Idempotency-Key', message }],
    });
  }
  return { idempotency: { tenantId: request.tenantId, key, requestHash: hashOf(request), respond } };
}

function acceptedOf(batch: unknown, items: readonly (BellhopEvent | RejectedEvent)[]): ParsedEvent[] {
  const events = isObject(batch) && Array.isArray(batch.events) ? (batch.events as ParsedEvent[]) : [];
  return events.filter((_, index) => 'tenantId' in (items[index] ?? {}));
}

/** The publisher has chosen the event's id, and may have sent it before. */
function namesAnId(event: unknown): boolean {
  return isObject(event) && event.id !== undefined;
}

function hashOf({ rawBody }: PublishRequest): Buffer {
  return createHash('sha256').update(rawBody).digest();
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
