import { execFile } from 'node:child_process';
import { access, constants, realpath } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { type BrowserServer, chromium } from 'playwright-core';
import { unpackedChromium } from './npm-chromium.js';

const run = promisify(execFile);

/** A Chromium that may work here, and what it needs around it. */
interface Candidate {
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

const ARGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-gpu',
  '--no-pings',
  // Nothing but loopback has a name: a page that asked another host for something would fail, not reach it.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** Starts a Chromium with a new, empty profile: an installed one, or the one that npm brought. */
export async function launchChromium(): Promise<BrowserServer> {
  const faults: string[] = [];
  for (const find of [...installedOnes(), fromNpm]) {
    try {
      const candidate = await find();
      if (candidate !== null) return await launch(candidate);
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(
    'The browser tests need Chromium. Do one of: `npm install` (brings @sparticuz/chromium for Linux on x64), or ' +
      `install Chromium or Google Chrome so that \`chromium\` or \`google-chrome\` is in PATH.\n${faults.join('\n')}`,
  );
}

function installedOnes(): (() => Promise<Candidate | null>)[] {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin'];
  const programs = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...new Set([...programs, MAC])].map((program) => async () => installed(program));
}

/** Null for what is not there, and for a snap: it cannot read a profile in the temporary folder. */
async function installed(program: string): Promise<Candidate | null> {
  const real = await realpath(program).catch(() => null);
  if (real === null || real.endsWith('/snap')) return null;
  await access(real, constants.X_OK);
  const { stdout } = await run(program, ['--version'], { timeout: 10_000 });
  if (!/Chrom/.test(stdout)) throw new Error(`${program} is no Chromium`);
  return { program, env: {} };
}

async function fromNpm(): Promise<Candidate> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`npm brings no Chromium for ${process.platform} on ${process.arch}`);
  }
  const folder = await unpackedChromium();
  const libraries = [path.join(folder, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  return {
    program: path.join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: path.join(folder, 'fonts.conf') },
  };
}

/** Without Chromium's sandbox: root cannot have it, containers seldom, and the only pages shown are ours. */
function launch({ program, env }: Candidate): Promise<BrowserServer> {
  return chromium.launchServer({
    executablePath: program,
    headless: true,
    chromiumSandbox: false,
    host: '127.0.0.1',
    args: ARGS,
    env: { ...process.env, ...env },
  });
}
