import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentOf, Receiver, type ReceivedEvent, runScript, type ScriptOptions } from '#libs/receiver';
import { parseSecret, signStandard } from '#libs/signing';
import { senders } from '#libs/receiver';
import { eventually } from '../../../support/eventually.js';

const SECRET = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
let folder: string;
let printer: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bellhop-script-'));
  printer = path.join(folder, 'print.mjs');
  // Prints its arguments as they arrived, and what stood on its standard input.
  await writeFile(
    printer,
    `let input = ''; for await (const chunk of process.stdin) input += chunk;
     console.log(JSON.stringify({ args: process.argv.slice(2), input, names: Object.keys(process.env) }));`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function eventOf(name: string): ReceivedEvent {
  const payload = Buffer.from(JSON.stringify({ data: { name } }));
  return { id: 'e', type: 'a.b', key: 'e', payload, receivedAt: new Date() };
}

const nameOf = (event: ReceivedEvent): string => (contentOf(event) as { data: { name: string } }).data.name;
const context = { signal: new AbortController().signal, attempt: 1, claimedAt: new Date() };

async function outputOf(options: Omit<ScriptOptions, 'argsOf'>, name: string): Promise<string> {
  let printed = '';
  const onOutput = (output: string): void => void (printed = output);
  await runScript({ ...options, argsOf: (event) => [nameOf(event)], onOutput })(eventOf(name), context);
  return printed;
}

const HOSTILE = [
  '; touch INJECTED',
  '$(touch INJECTED)',
  '`touch INJECTED`',
  '| touch INJECTED',
  '&& touch INJECTED',
  '\n touch INJECTED',
  '--help',
  '-e require("fs").writeFileSync("INJECTED", "")',
  '"\'\\ %PATH% ${IFS}',
  '../../etc/passwd',
  '日本 😀',
  '',
  '*',
  '~',
];

test('a name arrives as the one argument that it is, whatever it is called', async () => {
  const names = fc.oneof(
    fc.constantFrom(...HOSTILE),
    fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !text.includes('\0')),
  );
  const options = { command: '/bin/sh', fixedArgs: ['-c', 'shift; printf %s "$1"; [ $# = 1 ]', 'sh'] };
  await fc.assert(
    fc.asyncProperty(names, async (name) => {
      expect(await outputOf(options, name)).toBe(name);
    }),
    { numRuns: 60, examples: HOSTILE.map((name) => [name]) },
  );
  await expect(readFile('INJECTED')).rejects.toThrow();
}, 20_000);

test('a program of one’s own gets the payload, the arguments, and no secret of this process', async () => {
  process.env['RECEIVER_SECRET_CANARY'] = 'x';
  const options = { command: process.execPath, fixedArgs: [printer, 'fixed'], environment: { LEVEL: '1' } };
  const seen = JSON.parse(await outputOf(options, '--version')) as Record<string, unknown>;
  delete process.env['RECEIVER_SECRET_CANARY'];
  expect(seen).toMatchObject({
    args: ['fixed', '--', '--version'],
    input: '{"data":{"name":"--version"}}',
  });
  expect(seen['names']).toEqual(expect.arrayContaining(['PATH', 'LEVEL']));
  expect(JSON.stringify(seen)).not.toContain('CANARY');
});

test.each([
  ['another code than 0', ['-c', 'echo no disk >&2; exit 3'], /ended with 3: no disk/],
  ['no end in time', ['-c', 'sleep 60'], /ended with SIGTERM/],
  ['a child that outlives it', ['-c', 'sleep 60 & exit 1'], /ended with 1/],
])('%s is a fault', async (_, fixedArgs, message) => {
  await expect(outputOf({ command: '/bin/sh', fixedArgs, timeoutMs: 200 }, 'x')).rejects.toThrow(message);
});

test('a program that is not there, and an argument that cannot be one, are faults', async () => {
  await expect(outputOf({ command: '/nowhere/at/all' }, 'x')).rejects.toThrow(/ENOENT/);
  await expect(outputOf({ command: '/bin/true' }, 'a\0b')).rejects.toThrow(/argument/);
  await expect(outputOf({ command: '/bin/true' }, 'x'.repeat(9000))).rejects.toThrow(/argument/);
});

test('when the receiver stops for good the program ends, with all that it started', async () => {
  const stopping = new AbortController();
  const work = runScript({ command: '/bin/sh', fixedArgs: ['-c', 'sleep 61 & sleep 62'], argsOf: () => [] });
  const run = Promise.resolve(work(eventOf('x'), { ...context, signal: stopping.signal }));
  stopping.abort();
  await expect(run).rejects.toThrow(/SIGKILL/);
});

test('signed requests start as many programs as allowed at a time, each event one', async () => {
  const log = path.join(folder, 'log');
  const script = `shift; printf 'begin\\n' >> "${log}"; sleep 0.05; printf 'end %s\\n' "$1" >> "${log}"`;
  const receiver = new Receiver({
    sender: senders.standard({ secrets: [SECRET] }),
    work: runScript({
      command: '/bin/sh',
      fixedArgs: ['-c', script, 'sh'],
      argsOf: (event) => [nameOf(event)],
    }),
    concurrency: 2,
  });
  for (const id of ['e1', 'e2', 'e3', 'e4', 'e1']) {
    expect((await receiver.receive(signed(id, `name of ${id}`))).status).toBe(204);
  }
  expect(await receiver.stop()).toBe(0);
  const lines = (await eventually(() => readFile(log, 'utf8'))).trim().split('\n');
  expect(lines.filter((line) => line.startsWith('end')).toSorted()).toEqual(
    [1, 2, 3, 4].map((at) => `end name of e${at}`),
  );
  const running = lines.map((_, at) =>
    lines.slice(0, at + 1).reduce((count, line) => count + (line === 'begin' ? 1 : -1), 0),
  );
  expect(Math.max(...running)).toBe(2);
});

function signed(id: string, name: string) {
  const body = Buffer.from(JSON.stringify({ type: 'a.b', data: { name } }));
  const timestamp = Math.floor(Date.now() / 1000);
  const signature = signStandard({ id, timestamp, body, keys: [parseSecret(SECRET)] });
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signature,
  };
  return { method: 'POST', url: '/', headers, body };
}
