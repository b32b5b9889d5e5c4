import { readdirSync } from 'node:fs';
import { getPriority } from 'node:os';
import { expect, test } from 'vitest';
import type { Stage } from '../modes.js';

export function threadScenarios(stage: Stage): void {
  test.runIf(process.platform === 'linux')(
    'the background threads of a process yield to its main thread',
    () => {
      for (const pid of stage.platform.pids) {
        const own = getPriority(pid);
        const nicer = threadsOf(pid).filter((thread) => getPriority(thread) === Math.min(own + 10, 19));
        // One for each of V8's workers; Node has four of them.
        expect(nicer.length).toBeGreaterThanOrEqual(4);
      }
    },
  );
}

const threadsOf = (pid: number): number[] => readdirSync(`/proc/${pid}/task`).map(Number);
