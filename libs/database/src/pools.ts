import type { Logger } from '@nestjs/common';
import pg from 'pg';
import type { AppConfig } from '#libs/config';

/** A statement that runs longer is stuck; batches of the hot path take milliseconds. */
const STATEMENT_TIMEOUT_MS = 30_000;
/**
 * By our own clock, for a server that stands still, or is behind a network that swallows its answer: it would never say
 * that the time is over. Point access is never slow, and publishers wait for it.
 */
const LONGEST_ANSWER_MS = STATEMENT_TIMEOUT_MS + 5_000;
export const QUICK_ANSWER_MS = 10_000;
/** Covers a server that is starting again, and no more: callers would rather fail than queue. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Two intakes, two settlements and a claim at once keep PostgreSQL busy; more would only make smaller batches. */
const MAX_POINT_ACCESS = 5;

export interface ConnectionShares {
  readonly hotPath: number;
  readonly pointAccess: number;
  readonly orm: number;
}

/** How many of the process's connections go where; one is left for LISTEN. */
export function connectionShares(maxConnections: number): ConnectionShares {
  const orm = Math.max(1, Math.floor(maxConnections * 0.25));
  const pointAccess = Math.max(1, Math.min(MAX_POINT_ACCESS, Math.floor(maxConnections * 0.3)));
  return { hotPath: maxConnections - orm - pointAccess - 1, pointAccess, orm };
}

/** The pool of statements that find their rows by the same indexes whatever they hold: no other plan is ever good. */
export function pointAccessPool(config: AppConfig): pg.Pool {
  const planner = ['enable_seqscan', 'enable_bitmapscan', 'enable_hashjoin', 'enable_mergejoin', 'jit'];
  return new pg.Pool({
    ...connectionSettings(config, 'bellhop path'),
    max: connectionShares(config.database.maxConnections).pointAccess,
    options: ['plan_cache_mode=force_generic_plan', ...planner.map((name) => `${name}=off`)]
      .map((setting) => `-c ${setting}`)
      .join(' '),
  });
}

/**
 * The pool of hand-written statements. Their tables grow from empty to millions of rows while a connection lives:
 * a generic plan made early would scan for ever, so each execution is planned for its values.
 */
export function hotPathPool(config: AppConfig): pg.Pool {
  return new pg.Pool({
    ...connectionSettings(config, 'bellhop'),
    max: connectionShares(config.database.maxConnections).hotPath,
    options: '-c plan_cache_mode=force_custom_plan',
  });
}

/**
 * For the connections that wait in a pool. One that the server ended on purpose (57P01: it stops, or an operator wanted
 * it) is replaced when it is needed; that is not worth a warning.
 */
export function lostConnection(logger: Logger): (error: Error & { readonly code?: string }) => void {
  return ({ code, message }) => {
    const text = `An idle connection was lost: ${message}`;
    if (code === '57P01') logger.debug(text);
    else logger.warn(text);
  };
}

/** What every connection is made with, whoever it belongs to. */
export function connectionSettings(config: AppConfig, applicationName: string): pg.ClientConfig {
  if (config.database.url === null) {
    throw new Error('There is no DATABASE_URL; only `npm start` brings its own PostgreSQL.');
  }
  return {
    connectionString: config.database.url,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: LONGEST_ANSWER_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
}
