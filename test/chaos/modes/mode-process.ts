import { Registry } from '../registry.js';
import { Runner } from '../runner.js';
import type { ModeMessage } from './mode-child.js';
import type { ModeOrder } from './plan.js';

/** One mode of a run, in a process of its own. The first message is the order; it says what it does and what it found. */
function say(message: ModeMessage): void {
  if (process.connected) process.send?.(message);
}

async function run(order: ModeOrder): Promise<void> {
  const note = (line: string): void => say({ note: line });
  await Runner.run(order, await Registry.load(), { note, result: (result) => say({ result }) });
  process.send?.({ isDone: true } satisfies ModeMessage, () => process.exit(0));
}

// Ctrl-C in the terminal reaches everyone; whoever started us says when it is over, or is gone. What was started is
// ended when this process exits.
process.on('SIGINT', () => undefined);
process.once('SIGTERM', () => process.exit(143)).once('disconnect', () => process.exit(143));
process.once('message', (order: ModeOrder) => {
  run(order).catch((error: unknown) => {
    process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
    process.exit(2);
  });
});
