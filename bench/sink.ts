import { createServer, type Socket } from 'node:net';

/**
 * A receiver that costs as little as Node allows: it finds the end of each request by its Content-Length, answers 204
 * and counts distinct `webhook-id`s per path. Run as a process of its own; it answers GET /stats and POST /reset.
 */
const ids = new Map<string, Set<string>>();
let total = 0;
const ANSWER = Buffer.from('HTTP/1.1 204 No Content\r\n\r\n');
const HEAD_END = Buffer.from('\r\n\r\n');

const server = createServer({ noDelay: true }, (socket) => {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    rest = consume(socket, rest.length === 0 ? chunk : Buffer.concat([rest, chunk]));
  });
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as { port: number }).port });
});
process.on('disconnect', () => process.exit(0));

/** Answers every whole request in the bytes; gives back what is left. */
function consume(socket: Socket, bytes: Buffer): Buffer {
  let from = 0;
  for (;;) {
    const headEnd = bytes.indexOf(HEAD_END, from);
    if (headEnd < 0) return bytes.subarray(from);
    const head = bytes.toString('latin1', from, headEnd);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (headEnd + 4 + length > bytes.length) return bytes.subarray(from);
    from = headEnd + 4 + length;
    answer(socket, head);
  }
}

function answer(socket: Socket, head: string): void {
  const path = head.slice(head.indexOf(' ') + 1, head.indexOf(' ', 5));
  if (path === '/stats')
    return reply(socket, { total, unique: [...ids.values()].reduce((sum, set) => sum + set.size, 0) });
  if (path === '/reset') {
    ids.clear();
    total = 0;
    return reply(socket, {});
  }
  total += 1;
  const id = /webhook-id: (\S+)/i.exec(head)?.[1] ?? '';
  const known = ids.get(path) ?? new Set<string>();
  known.add(id);
  ids.set(path, known);
  socket.write(ANSWER);
}

function reply(socket: Socket, body: object): void {
  const text = JSON.stringify(body);
  socket.write(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
  );
}
