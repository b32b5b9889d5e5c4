import { connect, type Socket } from 'node:net';
import { connectFault } from './error-codes.js';
import { type Fault, OpeningError } from './failure.js';
import type { Opening } from './opening.js';

const CONNECT_DEADLINE_MS = 5000;
/** A name may have any number of addresses; all are judged, but trying more than these only delays the failure. */
const MAX_TRIED = 6;

/** Connects to the first address that answers, IPv4 and IPv6 in turn, within one deadline for all of them. */
export async function connectToFirst(
  addresses: readonly string[],
  port: number,
  opening: Opening,
): Promise<Socket> {
  const candidates = inTurn(addresses).slice(0, MAX_TRIED);
  const endsAt = performance.now() + CONNECT_DEADLINE_MS;
  let fault: Fault = { errorType: 'connect_unreachable', phase: 'connect' };
  for (const [index, host] of candidates.entries()) {
    const timeoutMs = (endsAt - performance.now()) / (candidates.length - index);
    const outcome = await connectOnce({ host, port, timeoutMs }, opening);
    if (!('errorType' in outcome)) return outcome;
    opening.assertWanted();
    fault = outcome;
  }
  throw new OpeningError(fault);
}

function connectOnce(
  to: { host: string; port: number; timeoutMs: number },
  opening: Opening,
): Promise<Socket | Fault> {
  return new Promise((resolve) => {
    const socket = connect({
      host: to.host,
      port: to.port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 60_000,
      ...opening.reading,
    });
    opening.watch(socket);
    const settle = (outcome: Socket | Fault): void => {
      clearTimeout(timer);
      if (outcome !== socket) socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(settle, to.timeoutMs, { errorType: 'connect_timeout', phase: 'connect' });
    socket.once('connect', () => settle(socket));
    // Stays for the socket's life: an error without a listener would end the process.
    socket.on('error', (error) => settle(connectFault(error)));
    socket.once('close', () => settle({ errorType: 'connect_reset', phase: 'connect' }));
  });
}

/** IPv4 first, as a broken IPv6 route is the more common fault; then alternating. */
function inTurn(addresses: readonly string[]): string[] {
  const ipv4 = addresses.filter((address) => !address.includes(':'));
  const ipv6 = addresses.filter((address) => address.includes(':'));
  return Array.from({ length: Math.max(ipv4.length, ipv6.length) }, (_, index) => [ipv4[index], ipv6[index]])
    .flat()
    .filter((address) => address !== undefined);
}
