import { writeUuid } from './uuid-bytes.js';

/** How values of one of PostgreSQL's types are written. */
interface Element<T> {
  /** As its catalogue has fixed it for ever. */
  readonly oid: number;
  /** No fewer than `write` will write. */
  mostBytes(value: T): number;
  /** Returns how many bytes it has written. */
  write(value: T, bytes: Buffer, at: number): number;
}

const ELEMENTS = {
  uuid: element(2950, 16, (value: string, bytes, at) => writeUuid(value, bytes, at)),
  int: element(23, 4, (value: number, bytes, at) => bytes.writeInt32BE(value, at)),
  smallint: element(21, 2, (value: number, bytes, at) => bytes.writeInt16BE(value, at)),
  bigint: element(20, 8, writeSafeInteger),
  real: element(700, 4, (value: number, bytes, at) => bytes.writeFloatBE(value, at)),
  float8: element(701, 8, (value: number, bytes, at) => bytes.writeDoubleBE(value, at)),
  boolean: element(16, 1, (value: boolean, bytes, at) => bytes.writeUInt8(value ? 1 : 0, at)),
  text: texts(25),
  json: texts(114),
  bytea: {
    oid: 17,
    mostBytes: (value: Uint8Array) => value.length,
    write: (value: Uint8Array, bytes, at) => {
      bytes.set(value, at);
      return value.length;
    },
  } satisfies Element<Uint8Array>,
};

export type ElementType = keyof typeof ELEMENTS;
export type ElementValue<Type extends ElementType> = Parameters<(typeof ELEMENTS)[Type]['write']>[0];

/** Dimensions, flags, the element's type, the number of elements, and the index of the first. */
const HEAD_BYTES = 20;
/** An empty array has no dimension. */
const EMPTY_HEAD_BYTES = 12;
const LENGTH_BYTES = 4;
const NULL_LENGTH = -1;

/**
 * An array for a parameter of a statement, in PostgreSQL's binary format (`array_recv`), value by value: one walk over
 * the rows of a batch writes all of its columns. As text, each value would be escaped here and parsed there. The statement
 * must name the same type, `$1::uuid[]`, or PostgreSQL refuses it.
 */
export class ArrayParameter<Type extends ElementType> {
  private readonly element: Element<ElementValue<Type>>;
  private bytes: Buffer;
  private end = HEAD_BYTES;
  private count = 0;
  private nulls = 0;

  /** `expected` elements have room without growing, if they are of one size. */
  constructor(type: Type, expected: number) {
    this.element = ELEMENTS[type] as Element<ElementValue<Type>>;
    this.bytes = Buffer.allocUnsafe(HEAD_BYTES + expected * (LENGTH_BYTES + 16));
  }

  /** Null is NULL. */
  push(value: ElementValue<Type> | null): void {
    this.count += 1;
    if (value === null) return this.pushNull();
    this.ensure(LENGTH_BYTES + this.element.mostBytes(value));
    const at = this.end + LENGTH_BYTES;
    const written = this.element.write(value, this.bytes, at);
    this.bytes.writeInt32BE(written, this.end);
    this.end = at + written;
  }

  /** What the driver sends as it is. */
  get parameter(): Buffer {
    return this.withHead(this.count);
  }

  /**
   * The same, but empty if there is nothing but nulls in it: taken apart side by side with longer ones, an empty array
   * gives as many nulls and costs nothing.
   */
  get sparse(): Buffer {
    return this.withHead(this.nulls === this.count ? 0 : this.count);
  }

  private withHead(count: number): Buffer {
    const { bytes } = this;
    bytes.writeInt32BE(count === 0 ? 0 : 1, 0);
    bytes.writeInt32BE(this.nulls === 0 ? 0 : 1, 4);
    bytes.writeInt32BE(this.element.oid, 8);
    if (count === 0) return bytes.subarray(0, EMPTY_HEAD_BYTES);
    bytes.writeInt32BE(count, 12);
    bytes.writeInt32BE(1, 16);
    return bytes.subarray(0, this.end);
  }

  private pushNull(): void {
    this.nulls += 1;
    this.ensure(LENGTH_BYTES);
    this.end = this.bytes.writeInt32BE(NULL_LENGTH, this.end);
  }

  private ensure(more: number): void {
    if (this.end + more <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(2 * this.bytes.length, this.end + more));
    this.bytes.copy(grown, 0, 0, this.end);
    this.bytes = grown;
  }
}

/** An array of these values for a parameter; null is NULL. */
export function arrayOf<Type extends ElementType>(
  type: Type,
  values: readonly (ElementValue<Type> | null)[],
): Buffer {
  return columnOf(type, values, (value) => value);
}

/** One column of these rows. */
export function columnOf<Type extends ElementType, Row>(
  type: Type,
  rows: readonly Row[],
  pick: (row: Row) => ElementValue<Type> | null,
): Buffer {
  const array = new ArrayParameter(type, rows.length);
  for (const row of rows) array.push(pick(row));
  return array.parameter;
}

/** Values of one size. */
function element<T>(
  oid: number,
  size: number,
  write: (value: T, bytes: Buffer, at: number) => void,
): Element<T> {
  return {
    oid,
    mostBytes: () => size,
    write: (value, bytes, at) => {
      write(value, bytes, at);
      return size;
    },
  };
}

/** A character of UTF-16 takes three bytes of UTF-8 at most. */
function texts(oid: number): Element<string> {
  return {
    oid,
    mostBytes: (value) => 3 * value.length,
    write: (value, bytes, at) => bytes.write(value, at),
  };
}

/** As two halves: a BigInt for each value would cost more than all the rest. */
function writeSafeInteger(value: number, bytes: Buffer, at: number): void {
  bytes.writeInt32BE(Math.floor(value / 2 ** 32), at);
  bytes.writeUInt32BE(value >>> 0, at + 4);
}
