import { open } from 'node:fs/promises';
import { SingleFlight } from '#libs/kernel';

const NEWLINE = 0x0a;

/** Reads a growing file on, and hands over each line once, in order, when it is whole. */
export class LineTail {
  /** One read at a time: two would begin at the same place, or in the middle of the other's line. */
  private readonly reading = new SingleFlight(() => this.read());
  private offset = 0;

  constructor(
    private readonly file: string,
    private readonly take: (line: string) => void,
  ) {}

  /** Resolves when every line that was whole at the call has been handed over. */
  readOn(): Promise<void> {
    return this.reading.run();
  }

  private async read(): Promise<void> {
    const file = await open(this.file);
    try {
      const { size } = await file.stat();
      if (size <= this.offset) return;
      const buffer = Buffer.alloc(size - this.offset);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, this.offset);
      this.handOver(buffer.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  }

  /** What follows the last end of a line is read again the next time. */
  private handOver(bytes: Buffer): void {
    const end = bytes.lastIndexOf(NEWLINE);
    if (end < 0) return;
    this.offset += end + 1;
    for (const line of bytes.toString('utf8', 0, end).split('\n')) this.take(line);
  }
}
