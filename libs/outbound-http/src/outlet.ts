import type { Socket } from 'node:net';

/** Up to this many bytes, copying a body behind its head costs less than writing two buffers. */
const MAX_COPIED_BYTES = 16_384;
const PLACE_BYTES = 65_536;

/**
 * Where requests are put together, all in the same place: Node hands a small write to the kernel before it returns, as
 * a rule, and memory for each request would be a tenth of what it costs.
 */
let place = Buffer.allocUnsafeSlow(PLACE_BYTES);
let freeFrom = 0;

/** Writes a request's head, as latin1, and its body. */
export function writeRequest(socket: Socket, head: string, body: Buffer): void {
  if (head.length + body.length <= MAX_COPIED_BYTES) return writeJoined(socket, head, body);
  socket.cork();
  socket.write(head, 'latin1');
  socket.write(body);
  socket.uncork();
}

function writeJoined(socket: Socket, head: string, body: Buffer): void {
  const bodyFrom = freeFrom + head.length;
  const end = bodyFrom + body.length;
  if (end > place.length) {
    place = Buffer.allocUnsafeSlow(PLACE_BYTES);
    freeFrom = 0;
    return writeJoined(socket, head, body);
  }
  place.write(head, freeFrom, 'latin1');
  place.set(body, bodyFrom);
  socket.write(place.subarray(freeFrom, end));
  // What the kernel has not taken is Node's to send later; nothing else may come to stand there.
  if (socket.writableLength > 0) freeFrom = end;
}
