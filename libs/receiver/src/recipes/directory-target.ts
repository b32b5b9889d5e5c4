import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ObjectTarget } from './mirror-objects.js';

/**
 * A folder as a target: `folder/bucket/key`, with every part of the key encoded so that it stays a name. Keys come from
 * strangers, and `../../etc/passwd` is one. A file appears whole or not at all. A key that is another one's folder (`a` and `a/b`) is a fault.
 */
export function directoryTarget(folder: string): ObjectTarget {
  const placeOf = (bucket: string, key: string): string =>
    path.join(folder, ...[bucket, ...key.split('/')].map(fileName));
  return {
    put: async (bucket, key, content) => {
      const place = placeOf(bucket, key);
      await mkdir(path.dirname(place), { recursive: true });
      const unfinished = path.join(path.dirname(place), `%${randomUUID()}`);
      await writeFile(unfinished, content);
      await rename(unfinished, place);
    },
    remove: (bucket, key) => rm(placeOf(bucket, key), { force: true }),
  };
}

const MAX_NAME_BYTES = 255;

/** `%` and two digits for what a file's name may not have; a part that is empty or dots alone gets a sign of its own. */
function fileName(part: string): string {
  const encoded = encodeURIComponent(part.toWellFormed());
  if (Buffer.byteLength(encoded) > MAX_NAME_BYTES)
    throw new TypeError('A part of the key is too long for a file.');
  return /^\.*$/.test(encoded) ? `%${'2E'.repeat(encoded.length)}` : encoded;
}
