import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { answerCalls } from '../process/answering.js';

/**
 * The yardstick: undici, a signature, a POST of 512 bytes, one process, nothing else. Over so many connections as when
 * the bars were measured; with 100 it is about a tenth faster.
 */
const CONNECTIONS = 200;
const LEAD_MS = 300;
const key = randomBytes(32);
const body = Buffer.from(
  JSON.stringify({ type: 'bench.event.sent', data: { filler: 'x'.repeat(440) } }).padEnd(512),
);

export interface BareResult {
  readonly sent: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

answerCalls({ run: ({ url, ms }: { url: string; ms: number }) => run(url, ms) });

async function run(url: string, ms: number): Promise<BareResult> {
  const target = new URL(url);
  const sender = new BareSender(new Pool(target.origin, { connections: CONNECTIONS, pipelining: 1 }), target);
  const finished = sender.start();
  await pause(LEAD_MS);
  const [sent, startedAt, cpu] = [sender.sent, performance.now(), process.cpuUsage()];
  await pause(ms);
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - startedAt) / 1000;
  const result = { sent: sender.sent - sent, seconds, cpuSeconds: (user + system) / 1e6 };
  sender.isOver = true;
  await finished;
  return result;
}

class BareSender {
  sent = 0;
  isOver = false;

  constructor(
    private readonly pool: Pool,
    private readonly target: URL,
  ) {}

  async start(): Promise<void> {
    await Promise.all(Array.from({ length: CONNECTIONS }, () => this.send()));
    await this.pool.close();
  }

  private async send(): Promise<void> {
    while (!this.isOver) {
      const id = `evt_${this.sent}_${Math.random().toString(36).slice(2)}`;
      const timestamp = Math.floor(Date.now() / 1000).toString();
      const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
      const response = await this.pool.request({
        method: 'POST',
        path: this.target.pathname,
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': `v1,${signature}`,
        },
        body,
      });
      await response.body.dump();
      this.sent += 1;
    }
  }
}
