import { newId, toTypeId } from '#libs/kernel';
import type { Book } from '../oracle/book.js';
import type { ChaosPlatform } from '../platform/chaos-platform.js';
import type { Sql } from '../platform/postgres-control.js';

export interface PublishOptions {
  /** Requests at once. */
  readonly atOnce?: number;
  /** Beside `n`, in the event's data. */
  readonly data?: Readonly<Record<string, unknown>>;
}

const REQUEST_TIMEOUT_MS = 30_000;

/** Publishes events and writes into the book what became of each request. */
export class Publisher {
  private count = 0;
  private readonly loads: Load[] = [];

  constructor(
    private readonly platform: ChaosPlatform,
    private readonly book: Book,
  ) {}

  /** Over the API, one request for each event; gives the UUIDs of those that were accepted. */
  async publish(type: string, count: number, options: PublishOptions = {}): Promise<string[]> {
    const { atOnce = 8, data = {} } = options;
    const accepted: string[] = [];
    let left = count;
    const one = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        const id = newId();
        if (await this.post(type, id, data)) accepted.push(id);
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, count) }, one));
    return accepted;
  }

  /** At this pace until it is stopped, whatever the answers are. */
  load(type: string, perSecond: number): Load {
    const load = new Load(perSecond, () => this.post(type, newId(), {}));
    this.loads.push(load);
    return load;
  }

  /** Of a case that ended before it stopped them itself. */
  async stopLoads(): Promise<void> {
    await Promise.all(this.loads.map((load) => load.stop()));
  }

  /** One request; true if the event was accepted. The same id may be tried again. */
  async post(type: string, id: string, data: object, headers: Record<string, string> = {}): Promise<boolean> {
    this.count += 1;
    const apis = this.platform.apis.filter(({ isRunning }) => isRunning);
    const api = apis[this.count % Math.max(1, apis.length)] ?? this.platform.api();
    const sentAt = performance.now();
    const body = JSON.stringify({ id: toTypeId('evt', id), type, data: { n: this.count, ...data } });
    try {
      const answer = await fetch(`${api.url}/v1/events`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${this.platform.key}`,
          'content-type': 'application/json',
          ...headers,
        },
        body,
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      await answer.text();
      if (answer.status === 202) this.book.accept(id, type);
      else this.note(answer, { id, type, tookMs: performance.now() - sentAt });
      return answer.status === 202;
    } catch {
      this.book.lose(id, type);
      this.book.unanswered += 1;
      return false;
    }
  }

  private note({ status, headers }: Response, sent: { id: string; type: string; tookMs: number }): void {
    const retryAfter = headers.get('retry-after');
    const retryAfterSeconds = retryAfter === null ? null : Number(retryAfter);
    const contentType = headers.get('content-type') ?? '';
    this.book.badAnswers.push({ status, contentType, retryAfterSeconds, tookMs: sent.tookMs });
    this.book.refuse(sent.id, sent.type, status);
  }

  /** Through the outbox, in a transaction of the harness's own, as an application would. */
  async commit(type: string, count: number): Promise<string[]> {
    return this.transact({ type, ids: idsFor(count), isUndone: false });
  }

  /** The transaction is rolled back: none of these may ever arrive. */
  async rollBack(type: string, count: number): Promise<string[]> {
    return this.transact({ type, ids: idsFor(count), isUndone: true });
  }

  /** One transaction with these events; it stays open until `beforeEnd` resolves. */
  async transact({ type, ids, isUndone, sql, beforeEnd }: Transaction): Promise<string[]> {
    try {
      await (sql ?? this.platform.sql).transaction(async (client) => {
        await client.query(OUTBOX, [ids, type]);
        await beforeEnd?.();
        if (isUndone) throw new RolledBack();
      });
    } catch (error) {
      if (!(error instanceof RolledBack)) {
        // The answer to the commit may be what was lost.
        for (const id of ids) this.book.lose(id, type);
        throw error;
      }
    }
    for (const id of ids) {
      if (isUndone) this.book.refuse(id, type);
      else this.book.accept(id, type);
    }
    return [...ids];
  }
}

export interface Transaction {
  readonly type: string;
  readonly ids: readonly string[];
  readonly isUndone: boolean;
  /** The connections that it takes one of; the platform's two. */
  readonly sql?: Sql;
  readonly beforeEnd?: () => Promise<void>;
}

const idsFor = (count: number): string[] => Array.from({ length: count }, () => newId());

class RolledBack extends Error {}

/** As libs/outbox writes it. */
const OUTBOX = `
WITH written AS (
  INSERT INTO guestbook.outbox_message (id, tenant_id, type, occurred_at, data)
  SELECT id, '01900000-0000-7000-8000-000000000001', $2, now(), convert_to('{"n":0}', 'UTF8')
  FROM unnest($1::uuid[]) AS id
)
SELECT pg_notify('bellhop_outbox', 'guestbook')`;

/** Events at a steady pace; a slow answer delays none of the others. */
export class Load {
  accepted = 0;
  failed = 0;
  private readonly pending = new Set<Promise<void>>();
  private readonly timer: NodeJS.Timeout;
  private readonly startedAt = performance.now();
  private sent = 0;

  constructor(
    private readonly perSecond: number,
    private readonly post: () => Promise<boolean>,
  ) {
    this.timer = setInterval(() => this.catchUp(), 10);
  }

  /** Sends nothing more; resolves when every request has its answer. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.pending);
  }

  private catchUp(): void {
    const due = ((performance.now() - this.startedAt) / 1000) * this.perSecond;
    while (this.sent < due) {
      this.sent += 1;
      const sending = this.post().then((isAccepted) => {
        if (isAccepted) this.accepted += 1;
        else this.failed += 1;
        this.pending.delete(sending);
      });
      this.pending.add(sending);
    }
  }
}
