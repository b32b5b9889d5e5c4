import { jsonStringEnd } from '#libs/kernel';

/**
 * Finds the bytes of JSON values inside a JSON text, so that a publisher's `data` is stored and signed as it came: a
 * parse and stringify would change numbers like 1.0 or 12345678901234567890 (and costs 2.5 ms at 256 KiB). The text
 * must have been parsed before; these functions only look for boundaries.
 */
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;
const CLOSE_OBJECT = 0x7d;
const CLOSE_ARRAY = 0x5d;

/** The value of a member of a JSON object; of a repeated name the last one counts, as for JSON.parse. */
export function memberSlice(json: Buffer, name: string): Buffer | undefined {
  let found: Buffer | undefined;
  forEachPart(json, (from, to) => {
    const nameStart = skipSpace(json, from);
    const nameEnd = jsonStringEnd(json, nameStart);
    if (isName(json, nameStart, nameEnd, name)) {
      found = trimmed(json, json.indexOf(COLON, nameEnd) + 1, to);
    }
  });
  return found;
}

/** Each element of a JSON array. */
export function elementSlices(json: Buffer): Buffer[] {
  const elements: Buffer[] = [];
  forEachPart(json, (from, to) => elements.push(trimmed(json, from, to)));
  return elements;
}

/** Whether this name stands there, in its quotes. Names are rarely more than plain ASCII; only those are parsed. */
function isName(json: Buffer, from: number, to: number, name: string): boolean {
  for (let at = from + 1; at < to - 1; at += 1) {
    const byte = json[at] ?? 0;
    if (byte === BACKSLASH || byte >= 0x80) return JSON.parse(json.toString('utf8', from, to)) === name;
    if (byte !== name.charCodeAt(at - from - 1)) return false;
  }
  return to - from - 2 === name.length;
}

/** What stands between the commas of the outermost object or array. */
function forEachPart(json: Buffer, visit: (from: number, to: number) => void): void {
  let from = skipSpace(json, 0) + 1;
  let depth = 0;
  let at = from;
  for (; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) at = jsonStringEnd(json, at) - 1;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (depth === 0) break;
      depth -= 1;
    } else if (byte === COMMA && depth === 0) {
      visit(from, at);
      from = at + 1;
    }
  }
  if (skipSpace(json, from) < at) visit(from, at);
}

function skipSpace(json: Buffer, from: number): number {
  let at = from;
  while (at < json.length && isSpace(json[at] as number)) at += 1;
  return at;
}

function trimmed(json: Buffer, from: number, to: number): Buffer {
  let end = to;
  while (end > from && isSpace(json[end - 1] as number)) end -= 1;
  return json.subarray(skipSpace(json, from), end);
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
