import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Receiver } from '#libs/receiver';
import { parseSecret, signStandard } from '#libs/signing';
import { eventually } from '../../../support/eventually.js';

const SECRET = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
let folder: string;
/** Plays the others: the channel, the feed and the storage. */
let world: Server;
let worldUrl: string;
const asked: { readonly path: string; readonly body: string }[] = [];
const FEED = [{ id: 1 }, { id: 2 }];

async function play(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://world');
  asked.push({ path: pathname, body: Buffer.concat(chunks).toString() });
  const from = Number(searchParams.get('cursor') ?? 0);
  const isFeed = pathname.endsWith('/events');
  response.end(isFeed ? JSON.stringify({ objects: FEED.slice(from), cursor: FEED.length }) : '{"n":1}');
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bellhop-recipes-'));
  world = createServer((request, response) => void play(request, response));
  await new Promise<void>((resolve) => world.listen(0, '127.0.0.1', resolve));
  worldUrl = `http://127.0.0.1:${(world.address() as AddressInfo).port}`;
});
afterAll(async () => {
  world.closeAllConnections();
  await new Promise((resolve) => world.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

interface Program {
  readonly receiver: Receiver;
  readonly server: Server;
}

let program: Program | null = null;
let printed = '';
afterEach(async () => {
  if (program) await new Promise((resolve) => program?.server.close(resolve));
  await program?.receiver.stop();
  program = null;
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.removeAllListeners('SIGTERM');
});

/** Starts the program as the page does, in this process; gives its URL. */
async function start(name: string, settings: Record<string, string>): Promise<string> {
  for (const [key, value] of Object.entries({ PORT: '0', SECRET, ...settings })) vi.stubEnv(key, value);
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  program = (await import(path.resolve('docs/recipes', name))) as Program;
  await eventually(() => expect(printed).toMatch(/listening on port \d+\n/));
  return `http://127.0.0.1:${(program.server.address() as AddressInfo).port}/hook`;
}

async function send(url: string, content: object): Promise<number> {
  const body = Buffer.from(JSON.stringify(content));
  const timestamp = Math.floor(Date.now() / 1000);
  const signature = signStandard({ id: 'evt_1', timestamp, body, keys: [parseSecret(SECRET)] });
  const headers = {
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signature,
  };
  return (await fetch(url, { method: 'POST', headers, body })).status;
}

const ENTRY = {
  type: 'guestbook.entry.created',
  data: { name: 'Ada; rm -rf *', message: 'Hi', createdAt: '2026' },
};

test('run-a-script starts the program with the type and the name', async () => {
  const script = path.join(folder, 'print.sh');
  await writeFile(script, '#!/bin/sh\nshift\nprintf "%s|" "$@"\ncat\n', { mode: 0o755 });
  const url = await start('run-a-script.mjs', { SCRIPT: script });
  expect(await send(url, ENTRY)).toBe(204);
  await eventually(() =>
    expect(printed).toContain(`guestbook.entry.created|Ada; rm -rf *|${JSON.stringify(ENTRY)}`),
  );
});

test('post-a-teams-card posts a card', async () => {
  const url = await start('post-a-teams-card.mjs', { WORKFLOW_URL: `${worldUrl}/workflow` });
  expect(await send(url, ENTRY)).toBe(204);
  const card = await eventually(() => asked.find((one) => one.path === '/workflow')?.body ?? expect.fail());
  expect(card).toContain('signed the guestbook');
});

test('follow-a-cursor fetches what was announced and keeps the cursor', async () => {
  const CURSORS = path.join(folder, 'cursors.json');
  const settings = { API_KEY: 'KEY', APP_ID: 'APPID', API_URL: worldUrl, CURSORS };
  const url = await start('follow-a-cursor.mjs', settings);
  const body = 'account=593652';
  const signature = createHmac('sha256', 'KEY').update(body).digest('base64');
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'x-kloudless-signature': signature },
  });
  expect([response.status, await response.text()]).toEqual([200, 'APPID']);
  await eventually(async () => {
    expect(printed).toContain('593652 {"id":1}\n593652 {"id":2}\n');
    expect(await readFile(CURSORS, 'utf8')).toBe('{"593652":"2"}');
  });
});

test('mirror-a-bucket copies the object into the folder', async () => {
  const FOLDER = path.join(folder, 'mirror');
  const settings = {
    HOOK_URL: 'http://x/hook',
    TOPIC: 'mcs1|guestbook',
    SOURCE_URL: `${worldUrl}/s3`,
    FOLDER,
  };
  const url = await start('mirror-a-bucket.mjs', settings);
  const s3 = { bucket: { name: 'guestbook' }, object: { key: 'entries/1.json' } };
  expect(await send(url, { Records: [{ eventName: 's3:ObjectCreated:Put', s3 }] })).toBe(200);
  const copy = path.join(FOLDER, 'guestbook', 'entries', '1.json');
  expect(await eventually(() => readFile(copy, 'utf8'))).toBe('{"n":1}');
  expect(asked.map((one) => one.path)).toContain('/s3/guestbook/entries/1.json');
});
