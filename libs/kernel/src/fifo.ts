/** Gone items that are tolerated in front before the rest moves up. */
const MAX_HOLE = 256;

/** First in, first out, at the same cost whatever its length; an array's `shift` moves all the others. */
export class Fifo<T> {
  private items: (T | undefined)[] = [];
  private head = 0;

  get length(): number {
    return this.items.length - this.head;
  }

  push(item: T): void {
    this.items.push(item);
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.items[this.head];
    this.items[this.head] = undefined;
    this.head += 1;
    this.close();
    return item;
  }

  /** Takes out the newest, all but the first `keep`. */
  truncate(keep: number): T[] {
    const taken = this.items.splice(this.head + keep) as T[];
    this.close();
    return taken;
  }

  private close(): void {
    if (this.length === 0) {
      this.items = this.items.length > MAX_HOLE ? [] : this.items;
      this.items.length = 0;
      this.head = 0;
    } else if (this.head >= MAX_HOLE && this.head * 2 >= this.items.length) {
      this.items.splice(0, this.head);
      this.head = 0;
    }
  }
}
