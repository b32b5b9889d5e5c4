const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** Names that mean something else in every network, or nothing anywhere (RFC 6761, 6762, 7686, 8375, 9476, ICANN). */
const RESERVED_SUFFIXES = new Set([
  'alt',
  'arpa',
  'corp',
  'example',
  'home',
  'internal',
  'intranet',
  'invalid',
  'lan',
  'local',
  'localdomain',
  'localhost',
  'mail',
  'onion',
  'private',
  'svc',
  'test',
]);

/** Google Cloud's metadata server under a name of the public DNS. */
const RESERVED_NAMES = ['metadata.goog'];

/** Takes a host in the URL parser's form; one trailing dot only says that the name is complete. */
export function withoutRootDot(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host;
}

export function isWellFormedName(name: string): boolean {
  return name.length <= 253 && name.split('.').every((label) => LABEL.test(label));
}

export function isLocalhost(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}

/** Single labels, reserved suffixes and metadata names: resolvers answer these from the network they stand in. */
export function isReservedName(name: string): boolean {
  const lastDot = name.lastIndexOf('.');
  if (lastDot === -1 || RESERVED_SUFFIXES.has(name.slice(lastDot + 1))) return true;
  return RESERVED_NAMES.some((reserved) => name === reserved || name.endsWith(`.${reserved}`));
}
