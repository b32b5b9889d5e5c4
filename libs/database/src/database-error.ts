/** Shutdown and crash of the server, broken connections, a full server, lost races, a standby after a failover. */
const TRANSIENT_STATES = /^(57P0[123]|08...|53...|40001|40P01|25006|25P03)$/;
const TRANSIENT_SYSTEM_CODES =
  /^(ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|EMFILE|ENFILE)$/;
/** What `pg` says without a code, in an error of its own. */
const TRANSIENT_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Query read timeout)/;
const DEEPEST_CAUSE = 5;
const LOST_RACES: readonly unknown[] = ['40001', '40P01'];

/** Whether PostgreSQL rolled this back only because of another transaction: at once it may succeed. */
export function isLostRace(error: unknown): boolean {
  return error instanceof Error && 'code' in error && LOST_RACES.includes(error.code);
}

/** Whether a row that was to be written is there already. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}

/** Whether the server ended the statement before it was done, most likely because its time was over. */
export function isCancelled(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '57014';
}

/** Whether the same statement may succeed a moment later, because the fault was the connection's or the server's. */
export function isTransientDatabaseError(error: unknown): boolean {
  let current = error;
  for (let depth = 0; depth < DEEPEST_CAUSE && current instanceof Error; depth += 1) {
    if (isTransient(current)) return true;
    current = current.cause;
  }
  return false;
}

function isTransient(error: Error & { code?: unknown; errors?: unknown }): boolean {
  if (error instanceof AggregateError) return error.errors.some(isTransientDatabaseError);
  const code = typeof error.code === 'string' ? error.code : '';
  return (
    TRANSIENT_STATES.test(code) || TRANSIENT_SYSTEM_CODES.test(code) || TRANSIENT_MESSAGES.test(error.message)
  );
}
