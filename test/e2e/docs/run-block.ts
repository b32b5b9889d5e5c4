import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventuallyGives } from '../../support/eventually.js';
import { WatchedProcess } from '../../support/rabbitmq/watched-process.js';
import type { Block } from './markdown.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Runs a block to its end as a reader would, from the root of the repository; gives what it printed. */
export async function runBlock({ language, text, place }: Block, env: Environment): Promise<string> {
  const [command, args] = language === 'js' ? [process.execPath, ['--input-type=module']] : ['bash', ['-eu']];
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'], timeout: 20_000 });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  child.stdin.end(text);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the block at ${place} ended with ${code}:\n${output}`);
  return output;
}

/** Starts a block that goes on running, and waits for its first line. */
export async function startBlock({ text, place }: Block, env: Environment): Promise<WatchedProcess> {
  const child = new WatchedProcess({
    command: 'bash',
    args: ['-euc', text],
    options: { env, stdio: ['ignore', 'pipe', 'pipe'] },
  });
  let output = '';
  for (const stream of child.output) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await eventuallyGives(() => output.includes('\n'), {
    describe: () => `${place} printed nothing: ${output}`,
  });
  return child;
}

/** Ends the shell of a block and what it started. */
export async function endBlock(child: WatchedProcess): Promise<void> {
  if (child.isRunning) process.kill(-child.pid, 'SIGTERM');
  await child.exited;
}

/** Whether the output is the one that a page shows: `…` stands for anything, and white space does not count. */
export function looksLike(shown: string, output: string): boolean {
  const parts = shown
    .replace(/\s/g, '')
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(output.replace(/\s/g, ''));
}
