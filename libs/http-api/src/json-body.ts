import { isUtf8 } from 'node:buffer';
import { AppError, jsonStringEnd } from '#libs/kernel';
import { readLargeObject } from './large-object.js';

/** Deeper documents are refused: whoever walks one later may do so recursively. */
export const MAX_JSON_DEPTH = 32;

/** From this size on the value is made as far as it is asked for; a usual batch is below, and all of it is asked for. */
const LARGE_BYTES = 64 * 1024;

const QUOTE = 0x22;
const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;
const CLOSE_OBJECT = 0x7d;
const CLOSE_ARRAY = 0x5d;

/**
 * The value of a JSON body; nothing for an empty one. A member `__proto__` becomes an ordinary member and changes no
 * prototype. The bytes must be UTF-8 because an event's bytes are passed on as they came.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw malformed('The body is not UTF-8. Send JSON encoded as UTF-8.');
  const large = bytes.length >= LARGE_BYTES ? readLargeObject(bytes, MAX_JSON_DEPTH) : undefined;
  if (large !== undefined) return large;
  if (isTooDeep(bytes))
    throw malformed(`The body is nested deeper than ${MAX_JSON_DEPTH} levels. Flatten it.`);
  try {
    return JSON.parse(bytes.toString()) as unknown;
  } catch (error) {
    throw malformed('The body is not valid JSON. Check quotes, commas and brackets.', error);
  }
}

function malformed(message: string, cause?: unknown): AppError {
  return new AppError('malformed', 'malformed_json', message, { cause });
}

/** Counts brackets outside of strings, before anything is built from them. */
function isTooDeep(bytes: Buffer): boolean {
  let depth = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte === QUOTE) index = jsonStringEnd(bytes, index) - 1;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth -= 1;
    if (depth > MAX_JSON_DEPTH) return true;
  }
  return false;
}
