import { readFileSync } from 'node:fs';

const LOOK_MS = 250;

/** The most memory that any of some processes had; they may be started later. */
export class PeakMemory {
  private peakKib = 0;
  private readonly timer: NodeJS.Timeout;

  private constructor(processes: readonly { readonly pid: number }[]) {
    this.timer = setInterval(() => {
      for (const { pid } of processes) this.peakKib = Math.max(this.peakKib, residentKib(pid));
    }, LOOK_MS);
  }

  static of(processes: readonly { readonly pid: number }[]): PeakMemory {
    return new PeakMemory(processes);
  }

  /** In MiB. */
  stop(): number {
    clearInterval(this.timer);
    return Math.round(this.peakKib / 1024);
  }
}

function residentKib(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
