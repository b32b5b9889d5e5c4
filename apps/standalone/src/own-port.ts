import { createServer } from 'node:net';
import type { AppConfig } from '#libs/config';

type HttpConfig = Omit<AppConfig['http'], 'pathAliases'>;

/**
 * The port that will be listened on, chosen before anything else starts: the built-in pages must know the address of
 * the API, and a port in use should end the start before it made keys. Rejects with EADDRINUSE or EACCES.
 */
export async function choosePort({ port, host }: HttpConfig): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** Where this process finds itself. */
export function originOf({ host, port }: HttpConfig): string {
  if (host === '0.0.0.0' || host === 'localhost') return `http://127.0.0.1:${port}`;
  if (host === '::') return `http://[::1]:${port}`;
  return host.includes(':') ? `http://[${host}]:${port}` : `http://${host}:${port}`;
}
