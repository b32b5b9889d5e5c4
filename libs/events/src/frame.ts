/**
 * One broker message: a JSON header and the payload bytes it points into, so that payloads are neither parsed nor
 * escaped on their way. Layout: "BHF1", header length (4 bytes, big endian), header, payloads one after the other.
 */
const MAGIC = Buffer.from('BHF1');

export interface Frame<T> {
  readonly header: T;
  readonly payloads: readonly Buffer[];
}

/** The message is not a frame that this version can read; it belongs to the dead letters. */
export class FrameError extends Error {}

export function encodeFrame(header: object, payloads: readonly Buffer[]): Buffer {
  const lengths = payloads.map((payload) => payload.length);
  const head = Buffer.from(JSON.stringify({ ...header, lengths }));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(head.length);
  return Buffer.concat([MAGIC, size, head, ...payloads]);
}

export function decodeFrame<T>(message: Buffer): Frame<T> {
  if (message.length < 8 || !message.subarray(0, 4).equals(MAGIC)) throw new FrameError('not a BHF1 frame');
  const headEnd = 8 + message.readUInt32BE(4);
  const header = parseHeader<T>(message.subarray(8, headEnd));
  let offset = headEnd;
  const payloads = header.lengths.map((length) => message.subarray(offset, (offset += length)));
  if (offset !== message.length) throw new FrameError('the lengths do not add up');
  return { header, payloads };
}

function parseHeader<T>(head: Buffer): T & { lengths: number[] } {
  try {
    const header = JSON.parse(head.toString()) as T & { lengths: number[] };
    if (!Array.isArray(header.lengths)) throw new FrameError('the header names no lengths');
    return header;
  } catch (error) {
    throw new FrameError('the header is not JSON', { cause: error });
  }
}
