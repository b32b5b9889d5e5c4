import { Injectable } from '@nestjs/common';
import { WakeSignal } from '#libs/kernel';

/** Tells the feeder of this process that something is due, now or soon, so that it need not poll for it. */
@Injectable()
export class DueSignal extends WakeSignal {
  private timer: NodeJS.Timeout | undefined;
  private timerAt = Infinity;

  /** Something falls due after this; the earliest one counts. */
  wakeIn(ms: number): void {
    const at = performance.now() + ms;
    if (at >= this.timerAt) return;
    clearTimeout(this.timer);
    this.timerAt = at;
    this.timer = setTimeout(() => this.fire(), ms);
    // What is due stays due: it must not keep a process alive that wants to end.
    this.timer.unref();
  }

  private fire(): void {
    this.timerAt = Infinity;
    this.wake();
  }
}
