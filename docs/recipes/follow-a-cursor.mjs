/**
 * Fetches what thin notifications announce, one account at a time, and prints it:
 * API_KEY=… APP_ID=… API_URL=https://api.example.com CURSORS=cursors.json node docs/recipes/follow-a-cursor.mjs
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { followCursor, nodeListener, Receiver, senders } from '#libs/receiver';

const { API_KEY = '', APP_ID = '', API_URL = '', CURSORS = 'cursors.json', PORT = '4001' } = process.env;

async function fetchPage(account, cursor, signal) {
  const query = new URLSearchParams({ page_size: '100', ...(cursor !== null && { cursor }) });
  const headers = { authorization: `ApiKey ${API_KEY}` };
  const response = await fetch(`${API_URL}/v1/accounts/${account}/events?${query}`, { headers, signal });
  if (!response.ok) throw new Error(`The feed of account ${account} answered ${response.status}`);
  const { objects, cursor: next } = await response.json();
  return { objects, cursor: String(next) };
}

/** In your program: a table with the account as its primary key. */
const known = await readFile(CURSORS, 'utf8').then(JSON.parse, () => ({}));
let writing = Promise.resolve();
const cursors = {
  read: async (account) => known[account] ?? null,
  write: (account, cursor) => {
    known[account] = cursor;
    const save = async () => {
      await writeFile(`${CURSORS}.new`, JSON.stringify(known));
      await rename(`${CURSORS}.new`, CURSORS);
    };
    return (writing = writing.then(save, save));
  },
};

export const receiver = new Receiver({
  sender: senders.kloudless({ apiKeys: [API_KEY], applicationId: APP_ID }),
  work: followCursor({
    cursors,
    fetchPage,
    handle: (object, account) => process.stdout.write(`${account} ${JSON.stringify(object)}\n`),
  }),
  onFault: ({ error }) => process.stderr.write(`${error}\n`),
});
export const server = createServer(nodeListener(receiver));
server.listen(Number(PORT), '127.0.0.1', () =>
  process.stdout.write(`listening on port ${server.address().port}\n`),
);
process.once('SIGTERM', () => server.close(() => void receiver.stop()));
