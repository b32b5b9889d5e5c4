import { readdirSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/**
 * How much nicer they are. Ten is a tenth of the main thread's weight: at 19, a fiftieth, the main thread waits at times
 * for one that got no processor, and a saturated process does 3 % less.
 */
const NICER_BY = 10;
const NICEST = 19;

/**
 * Lets V8's threads beside the main one, which mark the heap and compile, work in what the main thread leaves. With as
 * many busy threads as processors they take its turns otherwise, and whoever publishes then waits for 50 to 150 ms
 * every few seconds: p99 at 1,000 events/s on two processors was 40 ms, and is 20 ms. Linux alone has priorities of
 * threads.
 */
export function makeBackgroundThreadsYield(): void {
  if (process.platform !== 'linux') return;
  const priority = Math.min(getPriority() + NICER_BY, NICEST);
  try {
    for (const thread of readdirSync('/proc/self/task').map(Number)) {
      if (thread !== process.pid) setPriority(thread, priority);
    }
  } catch {
    // A thread that has ended meanwhile, or a system that hides or forbids this: it is only slower without.
  }
}
