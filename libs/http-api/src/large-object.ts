import { scanMembers } from './json-scan.js';

/** From this size on a member is not read before somebody asks for it. */
const LARGE_BYTES = 16 * 1024;

/**
 * The object that a large JSON text is; nothing unless it surely is one, well-formed and nested no deeper than that. Its
 * large members are read when they are first asked for, and then are like all others. Most of an event is never asked
 * for, since `data` travels on as it came, and to build 256 KiB of it takes 3 ms and leaves megabytes of objects, which
 * are collected while everybody waits.
 */
export function readLargeObject(json: Buffer, maxDepth: number): object | undefined {
  const members = scanMembers(json, maxDepth);
  if (members === undefined) return undefined;
  const later = new Map<string, Buffer>();
  const now = members.map(({ name, value }) => {
    const isLarge = value.length >= LARGE_BYTES;
    const key = JSON.parse(name.toString()) as string;
    // Of a repeated name the last one counts.
    if (isLarge) later.set(key, value);
    else later.delete(key);
    return `${name.toString()}:${isLarge ? 'null' : value.toString()}`;
  });
  const object = JSON.parse(`{${now.join(',')}}`) as object;
  for (const [name, value] of later) readLater(object, name, value);
  return object;
}

function readLater(object: object, name: string, json: Buffer): void {
  const kind = { enumerable: true, configurable: true };
  const set = (value: unknown): unknown => {
    Object.defineProperty(object, name, { ...kind, value, writable: true });
    return value;
  };
  Object.defineProperty(object, name, { ...kind, get: () => set(JSON.parse(json.toString())), set });
}
