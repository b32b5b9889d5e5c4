import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Platform } from '../../case.js';

const run = promisify(execFile);

const FILES = `
SELECT current_setting('data_directory') || '/' || pg_relation_filepath(oid) AS path FROM pg_class
WHERE oid = $1::regclass OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = $1::regclass)`;

/** Makes the system forget the pages of a table, as it does in the course of a month; false where that is not possible. */
export async function forgetPages(platform: Platform, table: string): Promise<boolean> {
  try {
    const files = await platform.query<{ path: string }>(FILES, [table]);
    for (const { path } of files) await run('dd', [`if=${path}`, 'iflag=nocache', 'count=0']);
    return true;
  } catch {
    return false;
  }
}
