import { Injectable } from '@nestjs/common';
import { AppError } from '#libs/kernel';

/** Failed logins of one address within a minute, after which it has to wait. */
export const MAX_FAILED_LOGINS = 20;
const WINDOW_MS = 60_000;
/** Addresses that are remembered; a flood from everywhere must not fill the memory. */
const MAX_REMEMBERED = 10_000;

interface Failures {
  count: number;
  readonly until: number;
}

/** Slows guessing down, in each process for itself. */
@Injectable()
export class FailedLogins {
  private readonly byAddress = new Map<string, Failures>();

  note(address: string): void {
    const failures = this.live(address);
    if (failures) failures.count += 1;
    else {
      if (this.byAddress.size >= MAX_REMEMBERED) this.byAddress.clear();
      this.byAddress.set(address, { count: 1, until: performance.now() + WINDOW_MS });
    }
  }

  /** Throws `rate_limited`. */
  refuseTooMany(address: string): void {
    const failures = this.live(address);
    if (!failures || failures.count < MAX_FAILED_LOGINS) return;
    const retryAfterSeconds = Math.max(1, Math.ceil((failures.until - performance.now()) / 1000));
    const message = `More than ${MAX_FAILED_LOGINS} logins failed within a minute. Wait before the next one.`;
    throw new AppError('rate_limited', 'rate_limited', message, { retryAfterSeconds });
  }

  private live(address: string): Failures | undefined {
    const failures = this.byAddress.get(address);
    return failures && failures.until > performance.now() ? failures : this.forget(address);
  }

  private forget(address: string): undefined {
    this.byAddress.delete(address);
  }
}
