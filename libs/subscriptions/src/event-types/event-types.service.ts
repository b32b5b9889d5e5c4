import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository } from 'typeorm';
import { isEventTypeName } from '#libs/events';
import { AppError, decodeCursor, encodeCursor, type FieldError, type Page } from '#libs/kernel';
import type { Owner } from '../caller.js';
import { EventType } from '../entities/event-type.entity.js';
import { invalidFields } from '../subscriptions.errors.js';
import { compileEventSchema } from './event-schema.js';

const MAX_DESCRIPTION_LENGTH = 512;
const MAX_EXAMPLE_BYTES = 64 * 1024;
/** The directory of every process holds them all. */
const MAX_EVENT_TYPES = 1_000;

export interface EventTypeChange {
  readonly description?: string;
  /** JSON Schema of the data; null takes it away. */
  readonly schema?: Record<string, unknown> | null;
  readonly example?: unknown;
}

export interface NamedEventType extends Owner {
  readonly name: string;
}

/** The event types that a tenant publishes. An archived one is no longer known, and its name may be used again. */
@Injectable()
export class EventTypesService {
  constructor(@InjectRepository(EventType) private readonly rows: Repository<EventType>) {}

  async create({ tenantId, name }: NamedEventType, input: EventTypeChange = {}): Promise<EventType> {
    const nameFault = { field: 'name', message: 'must look like area.thing.happened' };
    const faults = [...(isEventTypeName(name) ? [] : [nameFault]), ...faultsOf(input)];
    if (faults.length > 0) throw invalidFields(faults);
    const { description = '', schema = null, example = null } = input;
    refuseMisfit(schema, example);
    if ((await this.rows.countBy({ tenantId, archivedAt: IsNull() })) >= MAX_EVENT_TYPES) throw tooMany();
    const inserted = await this.rows.query<unknown[]>(INSERT, [
      tenantId,
      name,
      description,
      json(schema),
      json(example),
    ]);
    if (inserted.length === 0) throw new AppError('conflict', 'event_type_exists', `${name} exists already.`);
    return this.get({ tenantId, name });
  }

  /** By name. */
  async list({
    tenantId,
    limit,
    cursor,
  }: Owner & { limit: number; cursor?: string }): Promise<Page<EventType>> {
    const query = this.rows
      .createQueryBuilder('type')
      .where('type.tenantId = :tenantId AND type.archivedAt IS NULL');
    if (cursor !== undefined)
      query.andWhere(`type.name > (${NAME_OF_CURSOR})`, { cursor: decodeCursor(cursor) });
    const rows = await query
      .setParameter('tenantId', tenantId)
      .orderBy('type.name')
      .take(limit + 1)
      .getMany();
    const data = rows.slice(0, limit);
    const last = data.at(-1);
    return { data, nextCursor: rows.length > limit && last ? await this.cursorOf(last) : null };
  }

  async get({ tenantId, name }: NamedEventType): Promise<EventType> {
    const row = await this.rows.findOneBy({ tenantId, name, archivedAt: IsNull() });
    if (!row) throw notFound();
    return row;
  }

  async patch(named: NamedEventType, change: EventTypeChange): Promise<EventType> {
    const faults = faultsOf(change);
    if (faults.length > 0) throw invalidFields(faults);
    const { tenantId, name } = named;
    const before = await this.get(named);
    const { description = before.description, schema = before.schema, example = before.example } = change;
    refuseMisfit(schema, example);
    await this.rows.query(UPDATE, [tenantId, name, description, json(schema), json(example)]);
    return this.get(named);
  }

  /** Events of this type are refused from now on; subscriptions to it stay. */
  async archive({ tenantId, name }: NamedEventType): Promise<void> {
    const { affected } = await this.rows.update(
      { tenantId, name, archivedAt: IsNull() },
      { archivedAt: () => 'now()' },
    );
    if (affected === 0) throw notFound();
  }

  /** Those of the names that the tenant does not publish. */
  async unknown({ tenantId }: Owner, names: readonly string[]): Promise<string[]> {
    if (names.length === 0) return [];
    const rows = await this.rows.query<{ name: string }[]>(UNKNOWN, [tenantId, names]);
    return rows.map(({ name }) => name);
  }

  /** Names are longer than a cursor may be: it holds their hash. */
  private async cursorOf({ name }: EventType): Promise<string> {
    const [row] = await this.rows.query<{ id: string }[]>('SELECT md5($1)::uuid AS id', [name]);
    return encodeCursor(row?.id ?? '');
  }
}

const NAME_OF_CURSOR = `SELECT e.name FROM event_type e WHERE e.tenant_id = :tenantId AND md5(e.name)::uuid = :cursor`;

const INSERT = `
INSERT INTO event_type (tenant_id, name, description, schema, example) VALUES ($1, $2, $3, $4::jsonb, $5::jsonb)
ON CONFLICT (tenant_id, name) DO UPDATE
  SET description = excluded.description, schema = excluded.schema, example = excluded.example, archived_at = NULL
  WHERE event_type.archived_at IS NOT NULL
RETURNING name`;

const UPDATE = `
UPDATE event_type SET description = $3, schema = $4::jsonb, example = $5::jsonb
WHERE tenant_id = $1 AND name = $2 AND archived_at IS NULL`;

const UNKNOWN = `
SELECT name FROM unnest($2::text[]) AS wanted(name)
WHERE NOT EXISTS (SELECT FROM event_type e WHERE e.tenant_id = $1 AND e.name = wanted.name AND e.archived_at IS NULL)`;

function faultsOf({ description, example }: EventTypeChange): FieldError[] {
  const faults: FieldError[] = [];
  const isText =
    description === undefined || (typeof description === 'string' && !description.includes('\0'));
  if (!isText || (description ?? '').length > MAX_DESCRIPTION_LENGTH) {
    faults.push({
      field: 'description',
      message: `must be a text of at most ${MAX_DESCRIPTION_LENGTH} characters`,
    });
  }
  if (example !== undefined && Buffer.byteLength(JSON.stringify(example)) > MAX_EXAMPLE_BYTES) {
    faults.push({ field: 'example', message: `must not be larger than ${MAX_EXAMPLE_BYTES} bytes` });
  }
  return faults;
}

/** An example that its own schema refuses would mislead everyone who reads it. */
function refuseMisfit(schema: Record<string, unknown> | null, example: unknown): void {
  if (schema === null) return;
  const validate = compileEventSchema(schema);
  if (example === null) return;
  const errors = validate(example).map(({ field, message }) => ({
    field: field.replace(/^data/, 'example'),
    message,
  }));
  if (errors.length > 0) throw invalidFields(errors);
}

function json(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

function notFound(): AppError {
  return new AppError('not_found', 'event_type_not_found', 'There is no such event type.');
}

function tooMany(): AppError {
  return new AppError(
    'conflict',
    'too_many_event_types',
    `There are ${MAX_EVENT_TYPES} event types already.`,
  );
}
