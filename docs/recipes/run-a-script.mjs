/**
 * Runs a program for each event: SECRET=whsec_… SCRIPT=./on-entry.sh PORT=4001 node docs/recipes/run-a-script.mjs
 * It gets the event's type and the entry's name as arguments, and the payload on its standard input.
 */
import { createServer } from 'node:http';
import { contentOf, nodeListener, Receiver, runScript, senders } from '#libs/receiver';

const { SECRET = '', SCRIPT = '', PORT = '4001' } = process.env;

export const receiver = new Receiver({
  sender: senders.standard({ secrets: [SECRET] }),
  work: runScript({
    command: SCRIPT,
    argsOf: (event) => [event.type, String(contentOf(event).data?.name ?? '')],
    timeoutMs: 30_000,
    onOutput: (output) => process.stdout.write(output),
  }),
  concurrency: 4,
  onFault: ({ error }) => process.stderr.write(`${error}\n`),
});
export const server = createServer(nodeListener(receiver));
server.listen(Number(PORT), '127.0.0.1', () =>
  process.stdout.write(`listening on port ${server.address().port}\n`),
);
process.once('SIGTERM', () => server.close(() => void receiver.stop()));
