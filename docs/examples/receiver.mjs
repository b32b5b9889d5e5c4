/**
 * A subscriber in one file, without dependencies: it verifies, answers the challenge, keeps and acknowledges.
 * SECRET=whsec_… PORT=4000 node docs/examples/receiver.mjs
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const { SECRET = '', PORT = '4000' } = process.env;
const key = Buffer.from(SECRET.replace(/^whsec_/, ''), 'base64');
if (key.length < 24) throw new Error('SECRET must be whsec_ and 24 to 64 bytes in base64');
const TOLERANCE_SECONDS = 300;
/** In your program: a table with the id as its primary key. */
const kept = new Set();

const server = createServer((request, response) => {
  receive(request, response).catch((error) => response.destroy(error));
});
server.listen(Number(PORT), '127.0.0.1', () => process.stdout.write(`listening on port ${PORT}\n`));

async function receive(request, response) {
  // The signature covers the bytes as they came, so they are read before anything parses them.
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  if (!isSigned(request.headers, body)) return response.writeHead(401).end();

  const event = JSON.parse(body.toString());
  if (event.type === 'webhook.challenge') return prove(event.data, response);

  // Delivered at least once: the same id may come again. Keep it first, acknowledge then, work later.
  const id = request.headers['webhook-id'];
  const isNew = !kept.has(id);
  kept.add(id);
  response.writeHead(204).end();
  process.stdout.write(`${isNew ? 'kept' : 'again'} ${event.type} ${JSON.stringify(event.data)}\n`);
}

/** webhook-signature is a list of `v1,<base64>`, one for each live secret; one that fits is enough. */
function isSigned(headers, body) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures = '' } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= TOLERANCE_SECONDS)) return false;
  const expected = Buffer.from(`v1,${hmac(`${id}.${timestamp}.`, body)}`);
  return signatures.split(' ').some((signature) => {
    const given = Buffer.from(signature);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

/** The hmac handshake. A receiver that does not hold the secret cannot answer this. */
function prove({ subscription_id: subscription, challenge }, response) {
  const proof = { challenge, response: hmac(`webhook-challenge.v1\n${subscription}\n${challenge}`) };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(proof));
}

function hmac(...parts) {
  const digest = createHmac('sha256', key);
  for (const part of parts) digest.update(part);
  return digest.digest('base64');
}
