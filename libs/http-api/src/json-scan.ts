const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const SMALL_A = 0x61;
const SMALL_E = 0x65;
const SMALL_F = 0x66;
const SMALL_N = 0x6e;
const SMALL_T = 0x74;
const SMALL_U = 0x75;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** In ASCII a letter's small form. */
const SMALL = 0x20;

const NO = -1;
const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const NULL = Buffer.from('null');
const ESCAPED = new Set(Buffer.from('"\\/bfnrt'));
const HEX_DIGITS = 4;

/** A member of an object as it is written: its name with quotes, its value without the space around it. */
export interface WrittenMember {
  readonly name: Buffer;
  readonly value: Buffer;
}

/**
 * The members of the object that a JSON text is; nothing unless it surely is one, well-formed and nested no deeper than
 * that. Builds nothing: 256 KiB take a millisecond and leave no objects behind.
 */
export function scanMembers(json: Buffer, maxDepth: number): readonly WrittenMember[] | undefined {
  return new JsonScan(json, maxDepth).members();
}

/** Each step gives the place after what it found, or `NO`. */
class JsonScan {
  private readonly found: WrittenMember[] = [];

  constructor(
    private readonly json: Buffer,
    private readonly maxDepth: number,
  ) {}

  members(): readonly WrittenMember[] | undefined {
    const start = this.space(0);
    if (this.json[start] !== OPEN_OBJECT) return undefined;
    const end = this.object(start, 1);
    return end !== NO && this.space(end) === this.json.length ? this.found : undefined;
  }

  private value(at: number, depth: number): number {
    switch (this.json[at] ?? NO) {
      case QUOTE:
        return this.string(at);
      case OPEN_OBJECT:
        return this.object(at, depth + 1);
      case OPEN_ARRAY:
        return this.array(at, depth + 1);
      case SMALL_T:
        return this.word(at, TRUE);
      case SMALL_F:
        return this.word(at, FALSE);
      case SMALL_N:
        return this.word(at, NULL);
      default:
        return this.number(at);
    }
  }

  private object(start: number, depth: number): number {
    if (depth > this.maxDepth) return NO;
    let at = this.space(start + 1);
    if (this.json[at] === CLOSE_OBJECT) return at + 1;
    for (;;) {
      at = this.member(at, depth);
      if (at === NO || this.json[at] === CLOSE_OBJECT) return at === NO ? NO : at + 1;
      if (this.json[at] !== COMMA) return NO;
      at = this.space(at + 1);
    }
  }

  /** Up to the comma or the brace after it. */
  private member(start: number, depth: number): number {
    const { json } = this;
    const nameEnd = json[start] === QUOTE ? this.string(start) : NO;
    if (nameEnd === NO) return NO;
    const colon = this.space(nameEnd);
    if (json[colon] !== COLON) return NO;
    const valueStart = this.space(colon + 1);
    const end = this.value(valueStart, depth);
    if (end === NO) return NO;
    if (depth === 1) {
      this.found.push({ name: json.subarray(start, nameEnd), value: json.subarray(valueStart, end) });
    }
    return this.space(end);
  }

  private array(start: number, depth: number): number {
    if (depth > this.maxDepth) return NO;
    let at = this.space(start + 1);
    if (this.json[at] === CLOSE_ARRAY) return at + 1;
    for (;;) {
      const end = this.value(at, depth);
      if (end === NO) return NO;
      at = this.space(end);
      if (this.json[at] === CLOSE_ARRAY) return at + 1;
      if (this.json[at] !== COMMA) return NO;
      at = this.space(at + 1);
    }
  }

  private string(start: number): number {
    const { json } = this;
    for (let at = start + 1; at < json.length; at += 1) {
      const byte = json[at] ?? NO;
      if (byte === QUOTE) return at + 1;
      if (byte < SPACE) return NO;
      if (byte !== BACKSLASH) continue;
      at = this.escape(at + 1);
      if (at === NO) return NO;
    }
    return NO;
  }

  /** The last byte of what stands after a backslash. */
  private escape(at: number): number {
    const byte = this.json[at] ?? NO;
    if (byte !== SMALL_U) return ESCAPED.has(byte) ? at : NO;
    const last = at + HEX_DIGITS;
    for (let digit = at + 1; digit <= last; digit += 1) if (!isHex(this.json[digit])) return NO;
    return last;
  }

  private number(start: number): number {
    const { json } = this;
    const first = json[start] === MINUS ? start + 1 : start;
    let at = this.digits(first);
    if (at === NO || (json[first] === ZERO && at > first + 1)) return NO;
    if (json[at] === POINT) at = this.digits(at + 1);
    if (at === NO || ((json[at] ?? 0) | SMALL) !== SMALL_E) return at;
    const sign = json[at + 1];
    return this.digits(sign === MINUS || sign === PLUS ? at + 2 : at + 1);
  }

  private digits(start: number): number {
    let at = start;
    while (isDigit(this.json[at])) at += 1;
    return at > start ? at : NO;
  }

  private word(at: number, word: Buffer): number {
    for (let index = 1; index < word.length; index += 1) if (this.json[at + index] !== word[index]) return NO;
    return at + word.length;
  }

  private space(from: number): number {
    let at = from;
    while (isSpace(this.json[at])) at += 1;
    return at;
  }
}

function isDigit(byte = NO): boolean {
  return byte >= ZERO && byte <= NINE;
}

function isHex(byte = NO): boolean {
  const letter = byte | SMALL;
  return isDigit(byte) || (letter >= SMALL_A && letter <= SMALL_F);
}

function isSpace(byte = NO): boolean {
  return byte === SPACE || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB;
}
