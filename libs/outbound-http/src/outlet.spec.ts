import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { writeRequest } from './outlet.js';

/** Takes what is written at once, as a kernel does, or when it is told to: one whose buffers are full. */
class Kernel extends Writable {
  readonly taken: string[] = [];
  private held: (() => void) | null = null;

  constructor(private isFull: boolean) {
    super({ highWaterMark: 1 << 20 });
  }

  get socket(): Socket {
    return this as unknown as Socket;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, taken: () => void): void {
    const take = (): void => {
      this.taken.push(chunk.toString('latin1'));
      taken();
    };
    if (this.isFull) this.held = take;
    else take();
  }

  makeRoom(): void {
    this.isFull = false;
    this.held?.();
  }
}

const bodyOf = (letter: string, length: number): Buffer => Buffer.alloc(length, letter);

test('a request stands still until the kernel has taken it, however many are made meanwhile', () => {
  const full = new Kernel(true);
  const free = new Kernel(false);
  writeRequest(full.socket, 'POST /full ', bodyOf('f', 700));
  for (let made = 0; made < 500; made += 1) writeRequest(free.socket, 'POST /free ', bodyOf('o', 900));
  full.makeRoom();
  expect(full.taken).toEqual([`POST /full ${'f'.repeat(700)}`]);
  expect(new Set(free.taken)).toEqual(new Set([`POST /free ${'o'.repeat(900)}`]));
});

test('many that wait each keep their own bytes, beyond any one piece of memory', () => {
  const kernels = Array.from({ length: 60 }, () => new Kernel(true));
  kernels.forEach(({ socket }, index) => writeRequest(socket, `${index} `, bodyOf('x', 200 * index)));
  kernels.forEach((kernel) => kernel.makeRoom());
  kernels.forEach(({ taken }, index) => expect(taken).toEqual([`${index} ${'x'.repeat(200 * index)}`]));
});

test.each([16_384, 16_385, 300_000])('a request of %i bytes is written whole', (length) => {
  const kernel = new Kernel(false);
  writeRequest(kernel.socket, 'POST ', bodyOf('b', length - 5));
  expect(kernel.taken.join('')).toBe(`POST ${'b'.repeat(length - 5)}`);
});
