import { createHmac, randomBytes } from 'node:crypto';
import { Pool } from 'undici';

/**
 * The yardstick: undici, a signature, a POST of 512 bytes, nothing else. Arguments: URL, milliseconds, connections.
 * Prints `{ sent, seconds, cpuSeconds }`.
 */
const [, , url = '', runMs = '3000', connections = '100'] = process.argv;
const target = new URL(url);
const pool = new Pool(target.origin, { connections: Number(connections), pipelining: 1 });
const key = randomBytes(32);
const body = Buffer.from(
  JSON.stringify({ type: 'bench.event.sent', data: { filler: 'x'.repeat(440) } }).padEnd(512),
);
let sent = 0;

async function sendUntil(deadline: number): Promise<void> {
  while (performance.now() < deadline) {
    const id = `evt_${sent}_${Math.random().toString(36).slice(2)}`;
    const timestamp = Math.floor(Date.now() / 1000).toString();
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
    const response = await pool.request({
      method: 'POST',
      path: target.pathname,
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
      },
      body,
    });
    await response.body.dump();
    sent += 1;
  }
}

async function run(ms: number): Promise<void> {
  const deadline = performance.now() + ms;
  await Promise.all(Array.from({ length: Number(connections) }, () => sendUntil(deadline)));
}

await run(500);
sent = 0;
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
await run(Number(runMs));
const seconds = (performance.now() - startedAt) / 1000;
const cpu = process.cpuUsage(cpuBefore);
console.log(JSON.stringify({ sent, seconds, cpuSeconds: (cpu.user + cpu.system) / 1e6 }));
await pool.close();
