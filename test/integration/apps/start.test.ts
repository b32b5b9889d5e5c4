import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const SERVICES = ['api', 'dispatcher', 'guestbook', 'inbox'];
/** A port that nobody may take. */
const NOWHERE = 'postgres://127.0.0.1:1/bellhop';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs Node on the build, with these settings and no other. */
async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const child = spawn(process.execPath, args, { env: { PATH: process.env.PATH ?? '', PORT: '0', ...env } });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, out, err };
}

const start = (app: string, env: Readonly<Record<string, string>>): Promise<Ended> =>
  run([`dist/apps/${app}/src/main.js`], env);

test('every unusable setting is told in plain words', async () => {
  const { code, out, err } = await start('guestbook', { PORT: 'odd', LOG_LEVEL: 'loud' });
  expect(err.trim().split('\n')).toEqual([
    'The settings are not usable:',
    expect.stringContaining('PORT'),
    expect.stringContaining('LOG_LEVEL'),
  ]);
  expect({ code, out }).toEqual({ code: 1, out: '' });
});

test.each(SERVICES)('the process %s does not start without a database', async (app) => {
  const { code, err } = await start(app, {});
  expect(err).toMatch(/^The settings are not usable:\n {2}- This process needs DATABASE_URL[^\n]*\n$/);
  expect(code).toBe(1);
});

test.each(['api', 'dispatcher', 'standalone'])('in production %s needs keys for secrets', async (app) => {
  const { code, err } = await start(app, { DATABASE_URL: NOWHERE, NODE_ENV: 'production' });
  expect(err).toMatch(/^The settings are not usable:\n {2}- [^\n]*BELLHOP_SECRET_KEYS[^\n]*\n$/);
  expect(code).toBe(1);
});

test('the guestbook needs none; a database that does not answer is told in one line', async () => {
  const { code, out, err } = await start('guestbook', { DATABASE_URL: NOWHERE, NODE_ENV: 'production' });
  expect(err).toBe('PostgreSQL does not answer at 127.0.0.1:1 (ECONNREFUSED); check DATABASE_URL.\n');
  expect({ code, out }).toEqual({ code: 1, out: '' });
});

test.each([
  ['thrown', "setTimeout(() => { throw new Error('a surprise'); })"],
  ['rejected', "void Promise.reject(new Error('a surprise'))"],
])('an error that is %s and that nobody catches ends the process, with its stack', async (_how, fault) => {
  const lib = pathToFileURL('dist/libs/http-api/src/index.js').href;
  const program = `import { runProcess } from '${lib}';
    await runProcess(() => { ${fault}; return new Promise((resolve) => setTimeout(resolve, 60_000)); });`;
  const { code, out, err } = await run(['--input-type=module', '--eval', program]);
  expect(out + err).toMatch(/FATAL.*a surprise\n\s+at /s);
  expect(code).toBe(1);
});
