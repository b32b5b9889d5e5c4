import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { directoryTarget, mirrorObjects, Receiver, senders } from '#libs/receiver';
import { parseSecret, signStandard } from '#libs/signing';

const SECRET = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
let folder: string;
let bucket: Map<string, string>;
let receiver: Receiver;
let count = 0;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bellhop-mirror-'));
  bucket = new Map();
  receiver = new Receiver({
    sender: senders.mcsS3({
      url: 'http://localhost/hook',
      topics: ['mcs1|guestbook'],
      signedBy: { secrets: [SECRET] },
    }),
    work: mirrorObjects({
      source: {
        get: async (_bucket, key) => {
          const content = bucket.get(key);
          return content === undefined ? null : Buffer.from(content);
        },
      },
      target: directoryTarget(path.join(folder, 'mirror')),
    }),
  });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function notify(...records: readonly (readonly [event: string, key: string])[]): Promise<number> {
  const Records = records.map(([eventName, key]) => ({
    s3: { object: { key, sequencer: 1, size: 2 }, bucket: { name: 'guestbook' } },
    eventName,
  }));
  const body = Buffer.from(JSON.stringify({ Records }));
  const timestamp = Math.floor(Date.now() / 1000);
  const id = `evt_${(count += 1)}`;
  const signature = signStandard({ id, timestamp, body, keys: [parseSecret(SECRET)] });
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signature,
  };
  return (await receiver.receive({ method: 'POST', url: '/hook', headers, body })).status;
}

const mirrored = (...parts: string[]): Promise<string> =>
  readFile(path.join(folder, 'mirror', 'guestbook', ...parts), 'utf8');

test('what is put is copied, what is removed is removed', async () => {
  bucket.set('entries/1.json', '{"n":1}').set('entries/2.json', '{"n":2}');
  const put = 's3:ObjectCreated:Put';
  expect(await notify([put, 'entries/1.json'], [put, 'entries/2.json'])).toBe(200);
  bucket.delete('entries/1.json');
  await notify(['s3:ObjectRemoved:Delete', 'entries/1.json'], ['s3:TestEvent', 'other']);
  expect(await receiver.stop()).toBe(0);
  expect(await mirrored('entries', '2.json')).toBe('{"n":2}');
  await expect(mirrored('entries', '1.json')).rejects.toThrow('ENOENT');
  expect(await readdir(path.join(folder, 'mirror', 'guestbook', 'entries'))).toEqual(['2.json']);
});

test('records that come twice, late or in another order lead to the same mirror', async () => {
  bucket.set('a', 'second');
  await notify(['s3:ObjectRemoved:Delete', 'a'], ['s3:ObjectCreated:Put', 'a']);
  await notify(['s3:ObjectCreated:Put', 'a']);
  await notify(['s3:ObjectRemoved:Delete', 'a']);
  await receiver.stop();
  expect(await mirrored('a')).toBe('second');
});

test('no key leads out of the folder, and no two keys to one file', async () => {
  const target = directoryTarget(path.join(folder, 'mirror'));
  const part = fc.oneof(
    fc.constantFrom('..', '.', '', '%2E%2E', '~', 'CON', '\0', '\\', '..\\..', 'a:b', '%'),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
  );
  const key = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  await fc.assert(
    fc.asyncProperty(key, async (name) => {
      const content = Buffer.from(name.toWellFormed());
      await target.put(`bucket-${count++}`, name, content);
      const files = await readdir(folder, { recursive: true, withFileTypes: true });
      const found = files
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name));
      expect(found).toHaveLength(1);
      expect(found[0]?.startsWith(path.join(folder, 'mirror') + path.sep)).toBe(true);
      await target.remove(`bucket-${count - 1}`, name);
      await rm(path.join(folder, 'mirror'), { recursive: true });
    }),
    { numRuns: 60 },
  );
  const pairs: [string, string][] = [
    ['a/b', 'a%2Fb'],
    ['..', '%2E%2E'],
    ['', '.'],
    ['a', 'A '],
  ];
  for (const [one, other] of pairs) {
    await target.put('pair', one, Buffer.from('one'));
    await target.put('pair', other, Buffer.from('other'));
    const files = await readdir(path.join(folder, 'mirror', 'pair'), {
      recursive: true,
      withFileTypes: true,
    });
    expect(files.filter((entry) => entry.isFile())).toHaveLength(2);
    await rm(path.join(folder, 'mirror'), { recursive: true });
  }
});
