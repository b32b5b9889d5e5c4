/** The part of an event that filters see. */
export interface FilterableEvent {
  readonly type: string;
  readonly subject: string | null;
  readonly data: Buffer;
}

/** A parsed event whose data may be made only when they are read. */
export interface ParsedEvent {
  readonly data?: unknown;
}

/** What the paths of filters lead into. The data are parsed when the first clause asks for them, and only once. */
export class EventDocument {
  private parsed: { readonly data: unknown } | null = null;

  /** What is undefined is not there. */
  constructor(
    readonly type: string | undefined,
    readonly subject: string | undefined,
    private readonly readData: () => unknown,
  ) {}

  /** `parsed` is the event as somebody parsed it already, if so. */
  static of({ type, subject, data }: FilterableEvent, parsed?: ParsedEvent): EventDocument {
    return new EventDocument(type, subject ?? undefined, () =>
      parsed === undefined ? parse(data) : parsed.data,
    );
  }

  get data(): unknown {
    this.parsed ??= { data: this.readData() };
    return this.parsed.data;
  }
}

/** Bytes from a broker may be anything: nothing is found in what is no JSON, and the events beside it are accepted. */
function parse(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString()) as unknown;
  } catch {
    return undefined;
  }
}
