/** Headers with names in lower case and one value each. */
export function flatHeaders(
  entries: Iterable<readonly [string, string | readonly string[] | undefined]>,
): Record<string, string | undefined> {
  const flat: Record<string, string | undefined> = Object.create(null) as Record<string, string | undefined>;
  for (const [name, value] of entries) {
    if (value !== undefined) flat[name.toLowerCase()] = typeof value === 'string' ? value : value.join(', ');
  }
  return flat;
}
