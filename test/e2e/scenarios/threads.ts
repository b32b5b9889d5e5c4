import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Stage } from '../modes.js';

export function threadScenarios(stage: Stage): void {
  test.runIf(process.platform === 'linux')(
    'the background threads of a process yield to its main thread',
    () => {
      for (const pid of stage.platform.pids) {
        const own = niceOf(pid, pid);
        const nicer = threadsOf(pid).filter((thread) => niceOf(pid, thread) === Math.min(own + 10, 19));
        // One for each of V8's workers; Node has four of them.
        expect(nicer.length).toBeGreaterThanOrEqual(4);
      }
    },
  );
}

const threadsOf = (pid: number): number[] => readdirSync(`/proc/${pid}/task`).map(Number);

/** proc(5): the 19th field; the second one, the name, may hold blanks. */
function niceOf(pid: number, thread: number): number {
  const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
}
