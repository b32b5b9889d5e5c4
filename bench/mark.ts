/**
 * What an event of the benchmark carries in its data, at a fixed width: the run that it belongs to, its number in it,
 * and the time at which it was due. It is written and read in the bytes, so that nobody has to parse JSON for it.
 */
export interface Mark {
  readonly run: number;
  readonly sequence: number;
  readonly dueMicros: number;
}

const LABEL = Buffer.from('bellhop-bench:');
const RUN = 4;
const SEQUENCE = 10;
const TIME = 16;
export const BLANK_MARK = `${LABEL.toString()}${'0'.repeat(RUN + SEQUENCE + TIME)}`;

/** Offsets of all blank marks in a body. */
export function markOffsets(bytes: Buffer): number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(LABEL); at >= 0; at = bytes.indexOf(LABEL, at + LABEL.length)) found.push(at);
  return found;
}

export function writeMark(bytes: Buffer, offset: number, { run, sequence, dueMicros }: Mark): void {
  let at = offset + LABEL.length;
  at = writeDigits(bytes, at, { value: run, width: RUN });
  at = writeDigits(bytes, at, { value: sequence, width: SEQUENCE });
  writeDigits(bytes, at, { value: dueMicros, width: TIME });
}

/** The first mark between two offsets, or null. */
export function readMark(bytes: Buffer, from: number, to: number): Mark | null {
  const offset = bytes.indexOf(LABEL, from);
  if (offset < 0 || offset + BLANK_MARK.length > to) return null;
  const at = offset + LABEL.length;
  return {
    run: readDigits(bytes, at, RUN),
    sequence: readDigits(bytes, at + RUN, SEQUENCE),
    dueMicros: readDigits(bytes, at + RUN + SEQUENCE, TIME),
  };
}

const ZERO = 48;

function writeDigits(
  bytes: Buffer,
  from: number,
  { value, width }: { value: number; width: number },
): number {
  let left = value;
  for (let at = from + width - 1; at >= from; at -= 1) {
    bytes[at] = ZERO + (left % 10);
    left = Math.floor(left / 10);
  }
  return from + width;
}

function readDigits(bytes: Buffer, from: number, width: number): number {
  let value = 0;
  for (let at = from; at < from + width; at += 1) value = value * 10 + ((bytes[at] ?? ZERO) - ZERO);
  return value;
}
