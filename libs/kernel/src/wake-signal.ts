/** Lets a loop rest until it is woken or some time has passed. A wake while nobody rests is kept for the next rest. */
export class WakeSignal {
  private isPending = false;
  private resume: (() => void) | null = null;

  wake(): void {
    this.isPending = true;
    this.resume?.();
  }

  async rest(ms: number): Promise<void> {
    if (!this.isPending) await this.wokenOrAfter(ms);
    this.isPending = false;
  }

  private async wokenOrAfter(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.resume = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
    this.resume = null;
  }
}
