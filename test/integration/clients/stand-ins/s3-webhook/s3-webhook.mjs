#!/usr/bin/env node
/** Takes the arguments of s3-webhook and does as it does: it proves the suite's test where no checkout is. */
import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const text = { type: 'string' };
const { values } = parseArgs({
  args: process.argv.slice(2).map((arg) => arg.replace(/^-(?=[a-z])/, '--')),
  options: { address: text, port: text, script: text },
});
const hmac = (key, message) => createHmac('sha256', key).update(message).digest();

function confirm({ Token, Timestamp, TopicArn }, url) {
  return JSON.stringify({ signature: hmac(hmac(hmac(Token, Timestamp), TopicArn), url).toString('hex') });
}

function run({ eventName, s3 }) {
  const action = eventName.includes('ObjectRemoved') ? 'delete' : 'copy';
  spawnSync(values.script, [`${s3.bucket.name}/${s3.object.key}`, action]);
}

async function answer(request, response) {
  let body = '';
  for await (const chunk of request) body += chunk;
  if (request.url === '/ping') return response.end('Pong\n');
  if (process.env.STAND_IN_FAILS) return response.writeHead(400).end('told to fail');
  const message = JSON.parse(body);
  if (message.Token) return response.end(confirm(message, `http://${request.headers.host}${request.url}`));
  message.Records.forEach(run);
  return response.end();
}

createServer((request, response) => void answer(request, response)).listen(
  Number(values.port),
  values.address,
);
