import { BLANK_MARK, markOffsets, writeMark } from '../mark.js';

/** What stands around `data` in the body of a delivery, roughly. */
const ENVELOPE_BYTES = 110;

/** A request's body, made once; before each use only its marks are written. */
export class Body {
  private readonly offsets: readonly number[];

  constructor(readonly bytes: Buffer) {
    this.offsets = markOffsets(bytes);
  }

  get events(): number {
    return this.offsets.length;
  }

  copy(): Body {
    return new Body(Buffer.from(this.bytes));
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

function event(type: string, bytes: number): object {
  const filler = Math.max(0, bytes - ENVELOPE_BYTES - BLANK_MARK.length - '{"mark":"","filler":""}'.length);
  return { type, data: { mark: BLANK_MARK, filler: 'x'.repeat(filler) } };
}
