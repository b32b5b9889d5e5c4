import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { readOrCreatePrivateFile } from './private-file.js';

/**
 * The keys for secrets at rest, in the form of BELLHOP_SECRET_KEYS: made by the first start and kept in the data
 * directory. Whoever copies the database for safety must copy this file too.
 */
export async function embeddedKeyring(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const file = path.join(path.resolve(dataDir), 'secret-keys');
  return (await readOrCreatePrivateFile(file, () => `k1:${randomBytes(32).toString('base64')}`)).trim();
}
