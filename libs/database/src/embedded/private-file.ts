import { link, open, readFile, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';

/** Creates a file that only its owner may read, whole or not at all; false if there was one already. */
export async function createPrivateFile(file: string, content: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeDurably(draft, content);
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** What the file holds; `make` gives its content if there is none yet. */
export async function readOrCreatePrivateFile(file: string, make: () => string): Promise<string> {
  const existing = await readIfThere(file);
  if (existing !== null) return existing;
  await createPrivateFile(file, make());
  return readFile(file, 'utf8');
}

/** The content of a file, or null if there is no such file. */
export async function readIfThere(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}

async function writeDurably(file: string, content: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
