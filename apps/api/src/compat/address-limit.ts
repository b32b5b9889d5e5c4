import { AppError } from '#libs/kernel';

const WINDOW_MS = 60_000;
/** Addresses that are remembered; a flood from everywhere must not fill the memory. */
const MAX_REMEMBERED = 10_000;

interface Counted {
  count: number;
  readonly until: number;
}

/** How often something may come from one address within a minute, in each process for itself. */
export abstract class AddressLimit {
  private readonly byAddress = new Map<string, Counted>();

  protected constructor(
    private readonly max: number,
    /** What is said to whoever has to wait. */
    private readonly message: string,
  ) {}

  note(address: string): void {
    const counted = this.live(address);
    if (counted) counted.count += 1;
    else {
      if (this.byAddress.size >= MAX_REMEMBERED) this.byAddress.clear();
      this.byAddress.set(address, { count: 1, until: performance.now() + WINDOW_MS });
    }
  }

  /** Throws `rate_limited`. */
  refuseTooMany(address: string): void {
    const counted = this.live(address);
    if (!counted || counted.count < this.max) return;
    const retryAfterSeconds = Math.max(1, Math.ceil((counted.until - performance.now()) / 1000));
    throw new AppError('rate_limited', 'rate_limited', this.message, { retryAfterSeconds });
  }

  private live(address: string): Counted | undefined {
    const counted = this.byAddress.get(address);
    return counted && counted.until > performance.now() ? counted : this.forget(address);
  }

  private forget(address: string): undefined {
    this.byAddress.delete(address);
  }
}
