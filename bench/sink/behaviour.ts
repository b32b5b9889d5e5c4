import type { Socket } from 'node:net';

/** Answers a request, or not; `delivered` is to be called when the answer is a 2xx. */
export type Behaviour = (socket: Socket, delivered: () => void) => void;

const OK = Buffer.from('HTTP/1.1 204 No Content\r\n\r\n');
/** Kinds that take an argument: their paths have one more segment. */
const WITH_ARGUMENT = new Set(['slow', 'error', 'flaky']);

export interface ParsedPath {
  readonly behaviour: Behaviour;
  readonly group: string;
}

/** `/ok/<group>/<n>`, `/slow/<ms>/<group>/<n>`, and so on. */
export function parsePath(path: string): ParsedPath {
  const [, kind = '', ...rest] = path.split('/');
  const argument = WITH_ARGUMENT.has(kind) ? Number(rest.shift()) : 0;
  return { behaviour: behaviourOf(kind, argument), group: rest[0] ?? '' };
}

function behaviourOf(kind: string, argument: number): Behaviour {
  switch (kind) {
    case 'slow':
      return (socket, delivered) => void setTimeout(() => succeed(socket, delivered), argument);
    case 'hang':
      return () => undefined;
    case 'error':
      return (socket) => fail(socket, argument);
    case 'flaky':
      return flaky(argument);
    case 'reset':
      return (socket) => void socket.resetAndDestroy();
    default:
      return succeed;
  }
}

function succeed(socket: Socket, delivered: () => void): void {
  if (socket.destroyed) return;
  socket.write(OK);
  delivered();
}

function fail(socket: Socket, status: number): void {
  socket.write(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
}

/** Fails that share of the requests, evenly spread. */
function flaky(share: number): Behaviour {
  let due = 0;
  return (socket, delivered) => {
    due += share;
    if (due < 1) return succeed(socket, delivered);
    due -= 1;
    fail(socket, 500);
  };
}
