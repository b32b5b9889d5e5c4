/** Longer than any lease lasts; after its lease a delivery is not sent, whoever brings it. */
const KEPT_MS = 60_000;
/** Frames of one generation; beyond it the older generation is let go early. */
const MOST = 100_000;

/** Which messages came here lately: a broker may bring one again while it is in hand, or when it is long done. */
export class SeenFrames {
  private recent = new Set<string>();
  private older = new Set<string>();
  private turnsAt = 0;

  /** Whether this is the first time; it is remembered for at least as long as its leases can last. */
  isNew(key: string, nowMs: number): boolean {
    if (nowMs >= this.turnsAt || this.recent.size >= MOST) {
      this.older = this.recent;
      this.recent = new Set();
      this.turnsAt = nowMs + KEPT_MS;
    }
    if (this.recent.has(key) || this.older.has(key)) return false;
    this.recent.add(key);
    return true;
  }

  /** Its work failed: it is to be taken when it comes again. */
  forget(key: string): void {
    this.recent.delete(key);
    this.older.delete(key);
  }
}
