import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { AppError } from '#libs/kernel';
import type { Cluster } from './cluster.js';
import { findPostmaster } from './postmaster-file.js';
import { adoptServer, askToStop, choosePort, type ServerProcess, spawnServer } from './server-process.js';

/** After a crash the server first reads its log again, which takes its time. */
const START_WITHIN_MS = 120_000;
/** How long a start is repeated while what is left of the server before goes away. */
const LEFTOVERS_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 30;
/** Leftovers of a server that was killed a moment ago, or a port that was taken a moment ago. */
const PASSING =
  /lock file .* already exists|shared memory block .* still in use|could not bind|could not create any TCP/;

/** Where clients find the cluster's server. */
export function urlOf(cluster: Cluster, port: number): string {
  return `postgres://bellhop:${cluster.password}@127.0.0.1:${port}/postgres`;
}

/** A server on this cluster that answers: the one that already runs on it, or a new one. */
export async function startServer(cluster: Cluster, fixedPort: number | null): Promise<ServerProcess> {
  const began = Date.now();
  for (;;) {
    const found = await findPostmaster(cluster.folder);
    const server = found
      ? adoptServer(found.pid, found.port)
      : await spawnServer(cluster, fixedPort ?? (await choosePort(cluster.dataDir)));
    if (await answers(cluster, server, began + START_WITHIN_MS).catch(stopAndFail(cluster, server)))
      return server;
    const lastWords = await server.lastWords();
    const mayPass = lastWords === '' || PASSING.test(lastWords);
    if (!mayPass || Date.now() > began + LEFTOVERS_WITHIN_MS) throw failed(cluster, lastWords);
    await pause(200);
  }
}

/** A server that we cannot use must not stay behind. */
function stopAndFail(cluster: Cluster, server: ServerProcess): (error: unknown) => Promise<never> {
  return async (error) => {
    if (server.isOurs) await askToStop(cluster, server.pid, 'fast');
    throw error;
  };
}

/** True as soon as the server answers, false if it is gone before that. */
async function answers(cluster: Cluster, server: ServerProcess, deadline: number): Promise<boolean> {
  let isGone = false;
  void server.gone.then(() => (isGone = true));
  while (Date.now() < deadline) {
    if (server.port > 0 && (await canConnect(cluster, server.port))) return true;
    if (isGone || server.port === 0) return false;
    await pause(LOOK_EVERY_MS);
  }
  throw failed(cluster, `it does not answer after ${START_WITHIN_MS / 1000} s`);
}

/** Only our server knows our password, so whoever accepts it is the server we look for. */
async function canConnect(cluster: Cluster, port: number): Promise<boolean> {
  const client = new pg.Client({ connectionString: urlOf(cluster, port), connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code?.startsWith('28'))
      throw strangerOn(cluster, port, error);
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function strangerOn({ dataDir }: Cluster, port: number, cause: unknown): AppError {
  const message = `The PostgreSQL on port ${port} does not accept the password in ${dataDir}/postgres-password.`;
  return new AppError('unavailable', 'embedded_postgres_failed', message, { cause });
}

function failed({ dataDir }: Cluster, reason: string): AppError {
  const message = `The embedded PostgreSQL in ${dataDir} did not start: ${reason.trim() || 'it ended without a word'}`;
  return new AppError('unavailable', 'embedded_postgres_failed', message);
}
