import pg from 'pg';
import { reached } from './crash-plan.js';
import type { CrashPoint } from './points.js';
import { whenDone } from './wrap.js';

interface Moments {
  readonly before?: CrashPoint;
  readonly after?: CrashPoint;
  /** Only if it gave rows. */
  readonly afterRows?: CrashPoint;
}

interface Result {
  readonly rows?: readonly unknown[];
}

/** What the connection's transaction has stored: its commit is the publisher's or intake's. */
const stored = new WeakMap<object, 'outbox' | 'intake'>();
const inTransaction = new WeakSet<object>();

/** Crash points around statements, told apart by their names and texts. */
export function wrapStatements(): void {
  const prototype = pg.Client.prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
  const query = prototype.query as (...args: unknown[]) => unknown;
  prototype.query = function wrapped(this: object, ...args: unknown[]): unknown {
    const { text, name } = statementOf(args[0]);
    const moments = momentsOf(this, text, name);
    if (moments === null) return query.apply(this, args);
    if (moments.before !== undefined) reached(moments.before);
    const done = (result: unknown): void => {
      if (moments.after !== undefined) reached(moments.after);
      if (moments.afterRows !== undefined && rowCount(result) > 0) reached(moments.afterRows);
    };
    const last = args.at(-1);
    if (typeof last !== 'function') return whenDone(query.apply(this, args), done);
    args[args.length - 1] = (error: unknown, result: unknown): void => {
      if (!error) done(result);
      (last as (error: unknown, result: unknown) => void)(error, result);
    };
    return query.apply(this, args);
  };
}

function momentsOf(client: object, text: string, name: string): Moments | null {
  if (/^\s*BEGIN|^\s*START TRANSACTION/i.test(text)) {
    inTransaction.add(client);
    stored.delete(client);
  }
  if (/INSERT INTO \w+\.outbox_message/.test(text)) {
    stored.set(client, 'outbox');
    return { after: 'after_outbox_insert' };
  }
  if (/outbox_message[\s\S]*FOR UPDATE SKIP LOCKED/.test(text)) return { afterRows: 'relay_read' };
  if (/^bellhop_insert_(new_)?events$/.test(name)) return insertOf(client);
  if (name === 'bellhop_claim') return { afterRows: 'claim_written' };
  if (/^bellhop_settle(_again)?$/.test(name))
    return { before: 'result_before_commit', after: 'result_committed' };
  return /^\s*(COMMIT|ROLLBACK)\b/i.test(text) ? endOf(client, text) : null;
}

/** A statement by itself is its own commit. */
function insertOf(client: object): Moments | null {
  if (!inTransaction.has(client)) return { before: 'intake_before_commit', after: 'intake_committed' };
  stored.set(client, 'intake');
  return null;
}

function endOf(client: object, text: string): Moments | null {
  const what = stored.get(client);
  stored.delete(client);
  inTransaction.delete(client);
  if (what === undefined || !/^\s*COMMIT/i.test(text)) return null;
  return what === 'outbox'
    ? { before: 'before_commit', after: 'after_commit' }
    : { before: 'intake_before_commit', after: 'intake_committed' };
}

function statementOf(first: unknown): { text: string; name: string } {
  if (typeof first === 'string') return { text: first, name: '' };
  const { text = '', name = '' } = (first ?? {}) as { text?: string; name?: string };
  return { text, name };
}

function rowCount(result: unknown): number {
  return (result as Result | undefined)?.rows?.length ?? 0;
}
