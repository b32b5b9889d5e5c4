/** Keys of secrets that are used as they are written, prefix and all; at least one, none empty. */
export function keysOf(secrets: readonly string[], encoding: BufferEncoding = 'utf8'): Buffer[] {
  const keys = secrets.map((secret) => Buffer.from(secret, encoding));
  if (keys.length === 0 || keys.some((key) => key.length === 0)) {
    throw new TypeError('A sender needs at least one secret, and none may be empty.');
  }
  return keys;
}
