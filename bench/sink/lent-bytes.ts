import { Socket } from 'node:net';

/** All connections read into this one: Node reads a connection and calls back before it reads the next. */
const RECEIVED = Buffer.allocUnsafeSlow(65_536);

/**
 * Takes over an accepted connection that is still paused, and lends what it brings: the bytes are overwritten when the
 * callback returns. Node allocates 64 KiB for each read otherwise, a tenth to a fifth of what a request costs the
 * receiver; `connect` has an option against that and `createServer` none, so the connection's handle moves to a socket
 * that has it.
 */
export function lendBytes(accepted: Socket, receive: (bytes: Buffer) => void): Socket {
  const socket = new Socket({
    handle: takeHandle(accepted),
    onread: {
      buffer: RECEIVED,
      callback: (size: number) => {
        receive(RECEIVED.subarray(0, size));
        return true;
      },
    },
  } as ConstructorParameters<typeof Socket>[0]);
  socket.on('error', () => socket.destroy());
  return socket.resume();
}

function takeHandle(accepted: Socket): object {
  const owner = accepted as unknown as { _handle: object | null };
  const handle = owner._handle;
  if (handle === null || handle === undefined)
    throw new Error('this version of Node does not keep a connection in _handle any more');
  owner._handle = null;
  return handle;
}
