/** Waits for whatever is in hand to end, and no longer than that. */
export class IdleWait {
  private end: (() => void) | null = null;

  /** Resolves at `idle`, or when the grace is over. */
  within(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Nothing is in hand any more. */
  idle(): void {
    this.end?.();
  }
}
