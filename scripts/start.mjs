/** `npm start`: installs what is missing, builds what is stale, and runs the whole platform in this process. */
import { existsSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Bellhop needs Node.js 20.19 or newer; this is ${process.version}.\n`);
  process.exit(1);
}

const { ensureBuilt, ensureInstalled, ROOT } = await import('./lib/prepare.mjs');
// Relative settings such as DATA_DIR=./data mean the same from wherever this is called.
process.chdir(ROOT);
if (existsSync('.env')) process.loadEnvFile('.env');
try {
  await ensureInstalled();
  await ensureBuilt();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
await import('../dist/apps/standalone/src/main.js');
