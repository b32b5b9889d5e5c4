import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below what Linux gives to outgoing connections (32768 and up): what is free now stays free until it is listened on,
 * and while a program that is killed comes back on it, however many connections the tests beside it make.
 */
const LOWEST = 15_000;
const HIGHEST = 32_000;

/** A loopback port that was free a moment ago; for programs that must be told their port. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
