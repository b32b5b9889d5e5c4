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
stopWithNpm();
await import('../dist/apps/standalone/src/main.js');

/** npm dies of a SIGTERM without passing it on; the platform would run on unseen. */
function stopWithNpm() {
  if (process.env.npm_lifecycle_event !== 'start') return;
  const npm = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  watch.unref();
}
