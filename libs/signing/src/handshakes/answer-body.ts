/** The body as a JSON object, or null. */
function jsonObject(body: Buffer): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** A member of the body as a JSON object; null if it is not there or not a text. */
export function jsonText(body: Buffer, name: string): string | null {
  const object = jsonObject(body);
  const value = object !== null && Object.hasOwn(object, name) ? object[name] : null;
  return typeof value === 'string' ? value : null;
}

/** The whole body as a text, without white space around it: many frameworks end a text with a line break. */
export function trimmedText(body: Buffer): string {
  return body.toString('utf8').trim();
}
