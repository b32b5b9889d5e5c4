import { openSync, readSync } from 'node:fs';
import { answerCalls } from '../process/answering.js';

/**
 * Loaded into a process of the platform before its own code: notices when the event loop does not come round. On a
 * machine with fewer cores than processes a process also waits for its turn; that is nobody's fault, so of a gap counts
 * what is left without the waiting, and no more than the process computed in it.
 */
const EVERY_MS = 2;
const waiting = openWaiting();
const bytes = Buffer.alloc(64);
let longestMs = 0;
let last = look();

setInterval(() => {
  const now = look();
  const gapMs = now.at - last.at - EVERY_MS - (now.waitedMs - last.waitedMs);
  longestMs = Math.max(longestMs, Math.min(gapMs, now.cpuMs - last.cpuMs));
  last = now;
}, EVERY_MS).unref();

function look(): { readonly at: number; readonly cpuMs: number; readonly waitedMs: number } {
  const { user, system } = process.cpuUsage();
  return { at: performance.now(), cpuMs: (user + system) / 1000, waitedMs: waitedMs() };
}

/** How long the main thread was ready to run and had no processor, as Linux counts it; elsewhere it is not known. */
function waitedMs(): number {
  if (waiting === null) return 0;
  const text = bytes.toString('latin1', 0, readSync(waiting, bytes, 0, bytes.length, 0));
  return Number(text.split(' ')[1] ?? 0) / 1e6;
}

function openWaiting(): number | null {
  try {
    return openSync('/proc/self/schedstat', 'r');
  } catch {
    return null;
  }
}

answerCalls({
  longestStall: () => {
    const longest = longestMs;
    longestMs = 0;
    return longest;
  },
});
process.channel?.unref();
