import { appendFileSync, readFileSync, unlinkSync } from 'node:fs';
import { type Crash, type CrashPoint, firedFile, parseCrash } from './points.js';

let planned: Crash | null = process.env.CRASH_AT ? parseCrash(process.env.CRASH_AT) : null;
let count = 0;

/** SIGUSR2 reads the plan from this file and removes it, which tells that it is in force. */
const file = process.env.CRASH_FILE;
if (file !== undefined) {
  process.on('SIGUSR2', () => {
    planned = parseCrash(readFileSync(file, 'utf8'));
    count = 0;
    unlinkSync(file);
  });
}

/** Does what is planned, if it is planned for here and now. */
export function reached(point: CrashPoint): void {
  if (planned === null || planned.point !== point) return;
  count += 1;
  if (count < planned.nth) return;
  const { action } = planned;
  planned = null;
  // Before it dies of it: the command wants to know which points were reached.
  if (file !== undefined) appendFileSync(firedFile(file), `${point}\n`);
  perform(action, new Error(`the planned crash at ${point}`));
}

function perform(action: Crash['action'], error: Error): void {
  if (action === 'kill') process.kill(process.pid, 'SIGKILL');
  if (action === 'freeze') process.kill(process.pid, 'SIGSTOP');
  if (action === 'throw') {
    setImmediate(() => {
      throw error;
    });
  }
  if (action === 'reject') void Promise.reject(error);
}
