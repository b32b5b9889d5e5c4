import { answerCalls } from '../process/answering.js';

/**
 * Loaded into a process of the platform before its own code: notices when the event loop does not come round. On a
 * machine with fewer cores than processes a process also waits for its turn; that is nobody's fault, so a gap counts
 * only as far as the process was computing in it.
 */
const EVERY_MS = 2;
let longestMs = 0;
let lastAt = performance.now();
let lastCpu = process.cpuUsage();

setInterval(() => {
  const now = performance.now();
  const cpu = process.cpuUsage(lastCpu);
  const gapMs = now - lastAt - EVERY_MS;
  longestMs = Math.max(longestMs, Math.min(gapMs, (cpu.user + cpu.system) / 1000));
  lastAt = now;
  lastCpu = process.cpuUsage();
}, EVERY_MS).unref();

answerCalls({
  longestStall: () => {
    const longest = longestMs;
    longestMs = 0;
    return longest;
  },
});
process.channel?.unref();
