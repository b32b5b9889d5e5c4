import { Outage } from './outage.js';
import type { WakeSignal } from './wake-signal.js';

/** Runs rounds one after the other until it is stopped; each round answers how many milliseconds to rest after it. */
export class RoundLoop {
  /** Kept by the rounds themselves: what is a failure is for them to say. */
  readonly outage = new Outage();
  private running: Promise<void> | null = null;
  private stopping = false;

  constructor(
    private readonly signal: WakeSignal,
    /** Must not throw: a fault is a rest. */
    private readonly round: () => Promise<number>,
  ) {}

  /** A round that takes long looks here whether it should end early. */
  get isStopping(): boolean {
    return this.stopping;
  }

  /** Returns at once; a second start changes nothing. */
  start(): void {
    this.stopping = false;
    this.running ??= this.run();
  }

  /** Resolves when the round under way has ended; none begins after it. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.signal.wake();
    await this.running;
    this.running = null;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      const restMs = await this.round();
      if (restMs > 0 && !this.stopping) await this.signal.rest(restMs);
    }
  }
}
