/**
 * What a request is to the slots. `first`: the first attempt for a receiver that answers. `again`: a retry, or a
 * delivery from the backlog. `trial`: any for a receiver that has not answered yet. `slow`: any for one that hangs.
 */
export type Kind = 'first' | 'again' | 'trial' | 'slow';
export const KINDS: readonly Kind[] = ['first', 'again', 'trial', 'slow'];

/**
 * The part of all slots that a kind may take. What hangs keeps its slot for many seconds, so a fifth is a lot for it;
 * half is enough to find out whether a receiver answers.
 */
const SHARES: Readonly<Record<Kind, number>> = { first: 1, again: 0.7, trial: 0.5, slow: 0.2 };
/** Of all but `first` together: at least three of ten slots are there for what has just happened. */
const SHARED = 0.7;

/** The requests that may be in flight at once, and who takes how many of them. */
export class Slots {
  private readonly limits: Readonly<Record<Kind, number>>;
  private readonly sharedLimit: number;
  private readonly used: Record<Kind, number> = { first: 0, again: 0, trial: 0, slow: 0 };
  private taken = 0;

  constructor(private readonly total: number) {
    const part = (share: number): number => Math.max(1, Math.floor(total * share));
    this.limits = {
      first: part(SHARES.first),
      again: part(SHARES.again),
      trial: part(SHARES.trial),
      slow: part(SHARES.slow),
    };
    this.sharedLimit = part(SHARED);
  }

  /** Requests in flight. */
  get inFlight(): number {
    return this.taken;
  }

  hasRoom(kind: Kind): boolean {
    if (this.taken >= this.total || this.used[kind] >= this.limits[kind]) return false;
    return kind === 'first' || this.taken - this.used.first < this.sharedLimit;
  }

  take(kind: Kind): void {
    this.used[kind] += 1;
    this.taken += 1;
  }

  free(kind: Kind): void {
    this.used[kind] -= 1;
    this.taken -= 1;
  }

  /** What holds slots as one kind turns out to be another; that kind may then have more than its part for a while. */
  move(holders: Iterable<{ kind: Kind }>, kind: Kind): void {
    for (const holder of holders) {
      this.used[holder.kind] -= 1;
      this.used[kind] += 1;
      holder.kind = kind;
    }
  }
}
