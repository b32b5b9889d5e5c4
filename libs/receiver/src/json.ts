export type JsonObject = Readonly<Record<string, unknown>>;

/** The value, or undefined if the bytes are no JSON. */
export function parsedJson(bytes: Buffer | string): unknown {
  try {
    return JSON.parse(bytes.toString()) as unknown;
  } catch {
    return undefined;
  }
}

/** The value's members; none if it is no object. */
export function membersOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** A text member, or undefined. */
export function textOf(value: unknown, name: string): string | undefined {
  const members = membersOf(value);
  const member = Object.hasOwn(members, name) ? members[name] : undefined;
  return typeof member === 'string' ? member : undefined;
}
