import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { AppError, type Page } from '#libs/kernel';
import type { Message, MessageStatus } from './message.entity.js';

/** Says that something changed; `received` when there is work to do. */
export const INBOX_CHANNEL = 'inbox_message';
export const RECEIVED = 'received';

export interface IncomingMessage {
  readonly id: string;
  readonly type: string;
  readonly payload: Buffer;
}

export interface MessageQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export type MessageCounts = Readonly<Record<MessageStatus | 'duplicates', number>>;

interface MessageRow extends Message {
  /** Microseconds since 1970, exact unlike a Date; part of the cursor. */
  readonly place: string;
}

const COLUMNS = `id, type, payload, status, failure, received_count AS "receivedCount",
  received_at AS "receivedAt", processed_at AS "processedAt", (extract(epoch FROM received_at) * 1000000)::bigint::text AS place`;

/** What arrived. The simplest queue there is: a table with an id, the payload and a status. */
@Injectable()
export class MessagesService {
  constructor(private readonly database: Database) {}

  /** Keeps the message, or counts it if it was here before: senders deliver at least once. */
  async keep({ id, type, payload }: IncomingMessage): Promise<void> {
    await this.database.query(
      `WITH kept AS (
         INSERT INTO inbox.message AS message (id, type, payload) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET received_count = message.received_count + 1
       )
       SELECT pg_notify($4, $5)`,
      [id, type, payload, INBOX_CHANNEL, RECEIVED],
    );
  }

  /** Latest first. */
  async list({ limit, cursor }: MessageQuery): Promise<Page<Message>> {
    const [place, id] = cursor === undefined ? [null, null] : decodePlace(cursor);
    const rows = await this.database.query<MessageRow>(
      `SELECT ${COLUMNS} FROM inbox.message
       WHERE $2::bigint IS NULL
         OR (received_at, id) < (timestamptz 'epoch' + $2::bigint * interval '1 microsecond', $3::text)
       ORDER BY received_at DESC, id DESC LIMIT $1`,
      [limit + 1, place, id],
    );
    const data = rows.slice(0, limit);
    const last = data.at(-1);
    return { data, nextCursor: rows.length > limit && last ? encodePlace(last) : null };
  }

  async counts(): Promise<MessageCounts> {
    const [row] = await this.database.query<MessageCounts>(
      `SELECT count(*) FILTER (WHERE status = 'new')::int AS new,
         count(*) FILTER (WHERE status = 'processed')::int AS processed,
         count(*) FILTER (WHERE status = 'failed')::int AS failed,
         coalesce(sum(received_count - 1), 0)::int AS duplicates
       FROM inbox.message`,
    );
    return row ?? { new: 0, processed: 0, failed: 0, duplicates: 0 };
  }

  async clear(): Promise<void> {
    await this.database.query('DELETE FROM inbox.message');
    await this.database.query('SELECT pg_notify($1, $2)', [INBOX_CHANNEL, '']);
  }
}

function encodePlace({ place, id }: MessageRow): string {
  return Buffer.from(JSON.stringify([place, id])).toString('base64url');
}

function decodePlace(cursor: string): readonly [string, string] {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (isPlace(place)) return place;
  } catch {
    // Said below, as for every other cursor that is not ours.
  }
  throw new AppError('malformed', 'invalid_cursor', 'Take the cursor from `nextCursor` of the page before.');
}

function isPlace(value: unknown): value is [string, string] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [place, id] = value as unknown[];
  const isTime = typeof place === 'string' && /^\d{1,16}$/.test(place);
  return isTime && typeof id === 'string' && !id.includes('\0');
}
