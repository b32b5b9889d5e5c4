import { execFile, execFileSync } from 'node:child_process';
import { mkdir, open, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MEBIBYTE = 1024 * 1024;

/** A disk of a few hundred megabytes in memory that can be filled. Linux, and the right to mount. */
export class SmallDisk {
  private constructor(readonly folder: string) {
    process.once('exit', this.leave);
  }

  static async mount(folder: string, mebibytes: number): Promise<SmallDisk> {
    await mkdir(folder, { recursive: true });
    await run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=0755`, 'tmpfs', folder]);
    return new SmallDisk(folder);
  }

  /** Leaves so many bytes to everybody else. */
  async fill(leaveBytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.folder);
    const block = Buffer.alloc(MEBIBYTE);
    const file = await open(this.filler, 'a');
    try {
      for (let left = bavail * bsize - leaveBytes; left > 0; left -= block.length) {
        await file.write(block, 0, Math.min(left, block.length));
      }
    } finally {
      await file.close();
    }
  }

  async free(): Promise<void> {
    await rm(this.filler, { force: true });
  }

  async unmount(): Promise<void> {
    process.off('exit', this.leave);
    await run('umount', ['-l', this.folder]);
  }

  private get filler(): string {
    return path.join(this.folder, 'filler');
  }

  private readonly leave = (): void => {
    execFileSync('umount', ['-l', this.folder]);
  };
}
