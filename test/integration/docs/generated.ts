import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

/**
 * A page as it is, and with the parts between `<!-- made: name -->` and `<!-- /made -->` as the code makes them now.
 * With `UPDATE` in the environment the page is written first.
 */
export async function generated(
  page: string,
  parts: Readonly<Record<string, string>>,
): Promise<{ inFile: string; made: string }> {
  const text = readFileSync(page, 'utf8');
  const filled = text.replace(
    /(<!-- made: ([\w-]+) -->\n)[^]*?(<!-- \/made -->)/g,
    (_whole, start: string, name: string, end: string) => {
      const part = parts[name];
      if (part === undefined) throw new Error(`${page}: nothing makes "${name}"`);
      return `${start}\n${part.trim()}\n\n${end}`;
    },
  );
  const made = await format(filled, { ...(await resolveConfig(page)), filepath: page });
  if (process.env['UPDATE'] !== undefined) writeFileSync(page, made);
  return { inFile: process.env['UPDATE'] === undefined ? text : made, made };
}
