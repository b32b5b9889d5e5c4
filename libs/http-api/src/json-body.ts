import { isUtf8 } from 'node:buffer';
import { AppError } from '#libs/kernel';

/** Deeper documents are refused: whoever walks one later may do so recursively. */
export const MAX_JSON_DEPTH = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/**
 * The value of a JSON body; nothing for an empty one. A member `__proto__` becomes an ordinary member and changes no
 * prototype. The bytes must be UTF-8 because an event's bytes are passed on as they came.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw malformed('The body is not UTF-8. Send JSON encoded as UTF-8.');
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
    if (byte === QUOTE) index = endOfString(bytes, index);
    else if (OPENING.has(byte)) depth += 1;
    else if (CLOSING.has(byte)) depth -= 1;
    if (depth > MAX_JSON_DEPTH) return true;
  }
  return false;
}

function endOfString(bytes: Buffer, start: number): number {
  let index = start + 1;
  while (index < bytes.length && bytes[index] !== QUOTE) index += bytes[index] === BACKSLASH ? 2 : 1;
  return index;
}
