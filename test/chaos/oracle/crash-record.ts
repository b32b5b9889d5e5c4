import type { ChaosPlatform } from '../platform/chaos-platform.js';

export interface CrashRecord {
  readonly fired: readonly string[];
  /** Armed and never reached, by any process of the case. */
  readonly missed: readonly string[];
}

/** What became of the crash points of a case, once. Armed in several processes, one of which came by, is reached. */
export function takeCrashes(platforms: readonly ChaosPlatform[]): CrashRecord {
  const processes = platforms.flatMap((platform) => platform.processes);
  const fired = new Set(processes.flatMap((process) => process.fired));
  const armed = new Set(processes.flatMap((process) => [...process.armed]));
  for (const process of processes) process.forgetCrashes();
  return { fired: [...fired], missed: [...armed].filter((point) => !fired.has(point)) };
}
