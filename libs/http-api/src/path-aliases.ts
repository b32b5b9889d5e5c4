/** Paths under which something is found that has another place here. */
export type PathAliases = readonly (readonly [from: string, to: string])[];

/** Addresses of other systems' clients, who write a slash at the end or not as they like. */
const FOREIGN = '/compat/';

/** The address to route by: an alias replaced by what it stands for, the query kept. */
export function routedUrl(url: string, aliases: PathAliases): string {
  const [path = '', ...query] = url.split('?');
  const alias = aliases.find(([from]) => path === from || path.startsWith(`${from}/`));
  const place = alias ? alias[1] + path.slice(alias[0].length) : path;
  const isForeign = place.startsWith(FOREIGN) && place.endsWith('/');
  return [isForeign ? place.slice(0, -1) : place, ...query].join('?');
}
