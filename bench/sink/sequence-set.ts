/** Which numbers were there: a bit for each, so that a million of them cost 125 kB and no garbage. */
export class SequenceSet {
  private bits = new Uint8Array(64);
  size = 0;

  /** False if it was there already. */
  add(number: number): boolean {
    const index = number >>> 3;
    if (index >= this.bits.length) this.grow(index);
    const bit = 1 << (number & 7);
    const held = this.bits[index] ?? 0;
    if ((held & bit) !== 0) return false;
    this.bits[index] = held | bit;
    this.size += 1;
    return true;
  }

  private grow(index: number): void {
    const bits = new Uint8Array(2 ** Math.ceil(Math.log2(index + 1)));
    bits.set(this.bits);
    this.bits = bits;
  }
}
