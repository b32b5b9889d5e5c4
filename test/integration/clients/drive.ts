import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { KloudlessDouble } from '../../support/doubles/kloudless.double.js';
import { eventually, eventuallyGives } from '../../support/eventually.js';
import { freePort } from '../../support/free-port.js';
import type { FacadeStage } from '../compat/facade-stage.js';
import { ClientProgram } from './client-program.js';

const HERE = import.meta.dirname;
const TENANT = '01900000-0000-7000-8000-000000000001';
const SECRET = 'my secret key!';

/** The Python that runs checkouts; null where there is none. */
export function python(): string | null {
  const program = process.env['BELLHOP_PYTHON'] ?? 'python3';
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0 ? program : null;
}

export async function drivePreservica(stage: FacadeStage, checkout: string): Promise<void> {
  const key = await stage.api.key('manager', TENANT);
  const server = new URL(stage.origin).host;
  const client = await drive('drive_pypreservica.py', checkout, server, 'default', key, SECRET);
  try {
    const subscribed = await client.says();
    expect(subscribed).toMatchObject({
      tenant: 'default',
      listed: [{ id: expect.stringMatching(/^[0-9a-f]{32}$/), triggerType: 'FULL_TEXT_INDEXED' }],
    });
    await stage.publish({ name: 'Zoë 日本 😀' }, 'guestbook.entry.created', 'ent_checkout');
    expect(await client.says()).toMatchObject({
      work: { trigger: 'FULL_TEXT_INDEXED', events: [{ entityRef: 'ent_checkout' }] },
    });
    client.goOn();
    expect(await client.says()).toEqual({ left: [] });
    await client.ends();
  } finally {
    await client.stop();
  }
}

export async function driveKloudless(stage: FacadeStage, checkout: string): Promise<void> {
  const receiver = await KloudlessDouble.start({ apiKey: 'KEY', appId: 'APPID' });
  const body = {
    url: receiver.url,
    profile: 'kloudless',
    secret: 'KEY',
    profileConfig: { appId: 'APPID', account: '593652' },
    eventTypes: ['*'],
  };
  const { id } = (await stage.api.call('POST', '/v1/subscriptions', { body })).json<{ id: string }>();
  const subjects = Array.from({ length: 7 }, () => `ent_${crypto.randomUUID()}`);
  for (const subject of subjects) await stage.publish({}, 'guestbook.entry.created', subject);
  const key = await stage.api.key('viewer', TENANT);
  const base = `${stage.origin}/compat/kloudless`;
  const client = await drive('drive_kloudless.py', checkout, base, key, '593652');
  try {
    const all = await client.says();
    expect(subjectsIn(all)).toEqual(expect.arrayContaining(subjects));
    const later = `ent_${crypto.randomUUID()}`;
    await stage.publish({}, 'guestbook.entry.deleted', later);
    await eventuallyGives(() => receiver.accounts.includes('593652'));
    client.goOn();
    const news = await client.says();
    expect(subjectsIn(news)).toEqual([later]);
    expect(placeOf((await client.says())['latest'])).toBe(placeOf(news['cursor']));
    await client.ends();
  } finally {
    await Promise.all([client.stop(), receiver.stop(), stage.api.call('DELETE', `/v1/subscriptions/${id}`)]);
  }
}

export async function driveS3Webhook(stage: FacadeStage, checkout: string): Promise<void> {
  const folder = newFolder('s3-webhook-');
  const [script, seen] = [join(folder, 'script.sh'), join(folder, 'seen')];
  writeFileSync(script, `#!/bin/sh\nprintf '%s %s\\n' "$1" "$2" >> '${seen}'\n`);
  chmodSync(script, 0o755);
  const port = String(await freePort());
  const args = ['-address', '127.0.0.1', '-port', port, '-script', script];
  const program = await ClientProgram.start(programOf(checkout, folder), args, folder);
  try {
    const origin = `http://127.0.0.1:${port}`;
    await eventually(() => fetch(`${origin}/ping`));
    const profileConfig = { project: 'mcs1', bucket: 'guestbook' };
    const body = { url: `${origin}/webhook`, profile: 'mcs-s3', profileConfig, eventTypes: ['*'] };
    const made = await stage.api.call('POST', '/v1/subscriptions', { body });
    expect(made.json()).toMatchObject({ status: 'active' });
    await stage.publish({ id: '日本' }, 'guestbook.entry.created', 'ent_日本');
    await stage.publish({}, 'guestbook.entry.deleted', 'ent_2');
    const lines = (): string[] => (existsSync(seen) ? readFileSync(seen, 'utf8').trim().split('\n') : []);
    await eventually(() =>
      expect(lines().toSorted()).toEqual([
        'guestbook/entries/ent_2.json delete',
        'guestbook/entries/ent_日本.json copy',
      ]),
    );
    await stage.api.call('DELETE', `/v1/subscriptions/${made.json<{ id: string }>().id}`);
  } finally {
    await program.stop();
  }
}

/** A checkout is built; a program is run as it is. */
function programOf(checkout: string, folder: string): string {
  if (statSync(checkout).isFile()) return resolve(checkout);
  const program = join(folder, 's3-webhook');
  const env = { ...process.env, GO111MODULE: 'off' };
  execFileSync(process.env['BELLHOP_GO'] ?? 'go', ['build', '-o', program, 's3-webhook.go'], {
    cwd: checkout,
    env,
  });
  return program;
}

function drive(script: string, checkout: string, ...args: string[]): Promise<ClientProgram> {
  // Clients look for their settings in the working directory.
  const cwd = newFolder('client-');
  return ClientProgram.start(python() ?? 'python3', [join(HERE, script), resolve(checkout), ...args], cwd);
}

/** For the test that runs now. */
function newFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function subjectsIn({ events }: Readonly<Record<string, unknown>>): string[] {
  return (events as { metadata: { id: string } }[]).map(({ metadata }) => metadata.id);
}

/** Cursors of one place may be spelt differently. */
function placeOf(cursor: unknown): string {
  return String(cursor).split('.', 1)[0] ?? '';
}
