/** How often a process that runs shows that it does. */
const LOOK_EVERY_MS = 1000;

/**
 * Notices that this process did nothing for a while (frozen, starved of the processor, moved to another machine) in
 * which the others went on. No timer is sure to be the first thing that runs then, so whoever is about to act on what
 * came meanwhile looks for itself before.
 */
export class Standstill {
  private lastLook = performance.now();
  private readonly timer = setInterval(() => this.look(), LOOK_EVERY_MS).unref();

  /** `after` is called at the first look after a standstill of at least so many milliseconds. */
  constructor(
    private readonly limitMs: number,
    private readonly after: (ms: number) => void,
  ) {}

  look(): void {
    const now = performance.now();
    const ms = now - this.lastLook;
    this.lastLook = now;
    if (ms >= this.limitMs) this.after(ms);
  }

  close(): void {
    clearInterval(this.timer);
  }
}
