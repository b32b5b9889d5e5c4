/**
 * Makes a clone ready to run: dependencies as package-lock.json says, dist/ as the sources say.
 * Plain JavaScript without dependencies, since it runs before there are any.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const STAMP = path.join('dist', '.stamp');

/** Installs unless every package of the lock file is there; without `dev`, only what the product needs counts. */
export async function ensureInstalled({ dev = false, root = ROOT } = {}) {
  if (isInstalled({ dev, root })) return;
  say('Installing dependencies from package-lock.json, this takes a minute at the first start …');
  const npm = process.env.npm_execpath;
  const [command, first] = npm && /\.c?js$/.test(npm) ? [process.execPath, [npm]] : ['npm', []];
  const args = [...first, 'ci', '--include=dev', '--no-fund', '--no-audit'];
  await run(command, args, { root, what: 'The installation of the dependencies failed' });
}

/** npm notes in node_modules what it installed, and only when it is done. */
export function isInstalled({ dev = false, root = ROOT } = {}) {
  const wanted = packagesIn(path.join(root, 'package-lock.json'));
  const present = packagesIn(path.join(root, 'node_modules', '.package-lock.json'));
  if (present === null) return false;
  return Object.entries(wanted ?? {}).every(([folder, entry]) => {
    if (folder === '' || entry.link) return true;
    if (present[folder]) return present[folder].version === entry.version;
    return entry.optional || entry.devOptional || (entry.dev && !dev);
  });
}

function packagesIn(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : null;
}

/** Builds unless dist/ was made from exactly these sources; what was deleted there is gone from dist/ too. */
export async function ensureBuilt({ root = ROOT } = {}) {
  const stamp = stampOf(root);
  if (isBuilt(root, stamp)) return;
  await ensureInstalled({ dev: true, root });
  say('Building …');
  const draft = `dist.${process.pid}.tmp`;
  const compiler = path.join('node_modules', 'typescript7', 'bin', 'tsc');
  const args = [compiler, '-p', 'tsconfig.build.json', '--outDir', draft];
  try {
    await run(process.execPath, args, { root, what: 'The build failed' });
    writeFileSync(path.join(root, draft, '.stamp'), stamp);
    replaceDist(root, draft);
  } finally {
    rmSync(path.join(root, draft), { recursive: true, force: true });
  }
}

function isBuilt(root, stamp) {
  const file = path.join(root, STAMP);
  return existsSync(file) && readFileSync(file, 'utf8') === stamp;
}

/** A finished build takes the place of the one before: nobody ever runs half of one. */
function replaceDist(root, draft) {
  const old = path.join(root, `${draft}.old`);
  if (existsSync(path.join(root, 'dist'))) renameSync(path.join(root, 'dist'), old);
  renameSync(path.join(root, draft), path.join(root, 'dist'));
  rmSync(old, { recursive: true, force: true });
}

/** One hash over all that the build reads. Contents, not dates: a checkout changes every date. */
function stampOf(root) {
  const hash = createHash('sha256');
  const single = ['tsconfig.json', 'tsconfig.build.json', 'package.json', 'package-lock.json'];
  const sources = ['apps', 'libs', 'bench', 'test/chaos', 'test/support'].flatMap((folder) =>
    sourcesIn(path.join(root, folder)),
  );
  for (const file of [...single.map((name) => path.join(root, name)), ...sources]) {
    hash
      .update(`${path.relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

function sourcesIn(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'public' ? [] : sourcesIn(file);
    return /\.(ts|mts|json)$/.test(entry.name) && !entry.name.endsWith('.spec.ts') ? [file] : [];
  });
}

/** What a step prints is only of interest if it fails. */
function run(command, args, { root, what }) {
  const shell = process.platform === 'win32' && command === 'npm';
  const child = spawn(command, args, { cwd: root, shell, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`${what}: ${error.message}`)));
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${what}:\n${output.trim()}`))));
  });
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
