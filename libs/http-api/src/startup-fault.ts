import { ConfigError } from '#libs/config';
import { AppError } from '#libs/kernel';

interface SystemError extends Error {
  readonly code?: string;
  readonly syscall?: string;
  readonly address?: string;
  readonly port?: number;
}

const OF_DATABASE: Readonly<Record<string, string>> = {
  '28P01': 'PostgreSQL refuses the user or the password in DATABASE_URL.',
  '28000': 'PostgreSQL does not let the user in DATABASE_URL in.',
  '3D000': 'The database in DATABASE_URL does not exist; create it first.',
  '42501': 'The user in DATABASE_URL may not create tables; make it the owner of the database.',
};

/** Why the platform did not start, in a line if the operator can do something about it, else with its stack. */
export function faultText(error: unknown): string {
  if (error instanceof ConfigError || error instanceof AppError) return error.message;
  if (!(error instanceof Error)) return String(error);
  return (
    portFault(error) ?? databaseFault(error) ?? `Bellhop could not start: ${error.stack ?? error.message}`
  );
}

function portFault({ code, syscall, port }: SystemError): string | null {
  if (syscall !== 'listen' && syscall !== 'bind') return null;
  if (code === 'EADDRINUSE')
    return `Port ${port} is already in use. Choose another one, e.g. PORT=${(port ?? 0) + 1}.`;
  if (code === 'EACCES') return `Port ${port} needs more rights. Choose one above 1023, e.g. PORT=3000.`;
  if (code === 'EADDRNOTAVAIL') return 'HOST is not an address of this machine.';
  return null;
}

function databaseFault({ code = '', address, port }: SystemError): string | null {
  if (/^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENET)/.test(code)) {
    const place = address === undefined ? '' : ` at ${address}:${port}`;
    return `PostgreSQL does not answer${place} (${code}); check DATABASE_URL.`;
  }
  return OF_DATABASE[code] ?? null;
}
