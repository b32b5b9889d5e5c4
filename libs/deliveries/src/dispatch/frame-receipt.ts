/** Told once for each delivery, when its fate is recorded or could not be. */
export interface Receipt {
  done(): void;
  failed(error: unknown): void;
}

/** Of an attempt whose delivery was given back: its outcome is written down if it comes, and nobody waits for it. */
export const NOBODY_WAITS: Receipt = { done: () => undefined, failed: () => undefined };

/** Waits for all deliveries of a message: a promise for each of them would cost more than sending some of them. */
export class FrameReceipt implements Receipt {
  private failure: { readonly error: unknown } | null = null;

  constructor(
    private open: number,
    private readonly resolve: () => void,
    private readonly reject: (error: unknown) => void,
  ) {
    if (open === 0) resolve();
  }

  done(): void {
    this.open -= 1;
    if (this.open > 0) return;
    if (this.failure === null) this.resolve();
    else this.reject(this.failure.error);
  }

  /** The message comes again, but only when nothing of it is under way any more. */
  failed(error: unknown): void {
    this.failure ??= { error };
    this.done();
  }
}
