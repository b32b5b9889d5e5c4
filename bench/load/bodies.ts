import { BLANK_MARK, markOffsets, writeMark } from '../mark.js';

/** What stands around `data` in the body of a delivery, roughly. */
const ENVELOPE_BYTES = 110;

/** A request's body, or the whole request, made once; before each use only its marks are written. */
export class Body {
  constructor(
    readonly bytes: Buffer,
    private readonly offsets: readonly number[] = markOffsets(bytes),
  ) {}

  get events(): number {
    return this.offsets.length;
  }

  copy(): Body {
    return new Body(Buffer.from(this.bytes), this.offsets);
  }

  /** Numbers the events from `sequence` on. */
  mark(run: number, sequence: number, dueMicros: number): this {
    this.offsets.forEach((offset, index) =>
      writeMark(this.bytes, offset, { run, sequence: sequence + index, dueMicros }),
    );
    return this;
  }
}

export interface EventShape {
  readonly types: readonly string[];
  readonly bytes: number;
}

/** A body of POST /v1/events for each type. */
export function singleBodies({ types, bytes }: EventShape): Body[] {
  return types.map((type) => new Body(Buffer.from(JSON.stringify(event(type, bytes)))));
}

/** A body of POST /v1/events/batch in which the types take turns. */
export function batchBody({ types, bytes }: EventShape, size: number): Body {
  const events = Array.from({ length: size }, (_, n) => event(types[n % types.length] ?? '', bytes));
  return new Body(Buffer.from(JSON.stringify({ events })));
}

/** From here on a payload is a list of records, not one long string: what a large document costs is its structure. */
const RECORDS_FROM_BYTES = 4096;

function event(type: string, bytes: number): object {
  const room = Math.max(0, bytes - ENVELOPE_BYTES - BLANK_MARK.length - '{"mark":"","filler":""}'.length);
  if (bytes < RECORDS_FROM_BYTES) return { type, data: { mark: BLANK_MARK, filler: 'x'.repeat(room) } };
  return { type, data: { mark: BLANK_MARK, records: records(room) } };
}

function records(bytes: number): object[] {
  const record = (n: number): object => ({
    id: `itm_${n}`,
    name: `Item "${n}"`,
    price: n / 8,
    tags: ['new', 'blue'],
    isActive: n % 2 === 0,
  });
  const size = JSON.stringify(record(10_000)).length + 1;
  return Array.from({ length: Math.floor(bytes / size) }, (_, n) => record(n));
}
