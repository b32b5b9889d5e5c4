/** Writes the README's table of settings from their own descriptions. Run it after `npm run build` when one changed. */
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { allSettings } from '../dist/libs/config/src/index.js';

const README = new URL('../README.md', import.meta.url);
const TABLE = /(<!-- settings:.*-->\n)[^]*(<!-- \/settings -->)/;

const rows = allSettings().map(
  ({ name, defaultValue, description }) =>
    `| \`${name}\` | ${defaultValue === undefined ? '' : `\`${defaultValue}\``} | ${description} |`,
);
const table = ['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
const text = (await readFile(README, 'utf8')).replace(
  TABLE,
  (_, begin, end) => `${begin}\n${table}\n\n${end}`,
);
const options = await resolveConfig(README);
await writeFile(README, await format(text, { ...options, filepath: 'README.md' }));
