/**
 * Keeps a copy of a bucket in a folder:
 * SECRET=whsec_… HOOK_URL=https://me.example.org/hook TOPIC='mcs1|guestbook' SOURCE_URL=https://storage.example.org \
 *   FOLDER=mirror node docs/recipes/mirror-a-bucket.mjs
 */
import { createServer } from 'node:http';
import { directoryTarget, mirrorObjects, nodeListener, Receiver, senders } from '#libs/receiver';

const {
  SECRET = '',
  HOOK_URL = '',
  TOPIC = '',
  SOURCE_URL = '',
  FOLDER = 'mirror',
  PORT = '4001',
} = process.env;

async function get(bucket, key, signal) {
  const place = [bucket, ...key.split('/')].map(encodeURIComponent).join('/');
  const response = await fetch(`${SOURCE_URL}/${place}`, { signal });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`The storage answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

export const receiver = new Receiver({
  sender: senders.mcsS3({ url: HOOK_URL, topics: [TOPIC], signedBy: { secrets: [SECRET] } }),
  work: mirrorObjects({ source: { get }, target: directoryTarget(FOLDER) }),
  onFault: ({ error }) => process.stderr.write(`${error}\n`),
});
export const server = createServer(nodeListener(receiver));
server.listen(Number(PORT), '127.0.0.1', () =>
  process.stdout.write(`listening on port ${server.address().port}\n`),
);
process.once('SIGTERM', () => server.close(() => void receiver.stop()));
