/**
 * Posts a card to a channel for each entry:
 * SECRET=whsec_… WORKFLOW_URL=https://… PORT=4001 node docs/recipes/post-a-teams-card.mjs
 */
import { createServer } from 'node:http';
import { contentOf, nodeListener, postCard, Receiver, senders } from '#libs/receiver';

const { SECRET = '', WORKFLOW_URL = '', PORT = '4001' } = process.env;

function cardOf(event) {
  if (event.type !== 'guestbook.entry.created') return null;
  const { name, message, createdAt } = contentOf(event).data;
  return { title: `${name} signed the guestbook`, text: message, facts: { When: String(createdAt) } };
}

export const receiver = new Receiver({
  sender: senders.standard({ secrets: [SECRET] }),
  work: postCard({ workflowUrl: WORKFLOW_URL, cardOf, send: fetch }),
  // Teams takes a few cards a second and asks to slow down with 429.
  concurrency: 1,
  retryDelaysMs: [1000, 5000, 30_000, 300_000],
  onFault: ({ error }) => process.stderr.write(`${error}\n`),
});
export const server = createServer(nodeListener(receiver));
server.listen(Number(PORT), '127.0.0.1', () =>
  process.stdout.write(`listening on port ${server.address().port}\n`),
);
process.once('SIGTERM', () => server.close(() => void receiver.stop()));
