import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fifo } from './fifo.js';

test('it gives what it took in the same order, however pushes, shifts and truncations alternate', () => {
  const step = fc.oneof(
    fc.record({ push: fc.integer({ min: 1, max: 600 }) }),
    fc.record({ shift: fc.integer({ min: 1, max: 600 }) }),
    fc.record({ keep: fc.integer({ min: 0, max: 300 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const fifo = new Fifo<number>();
      let model: number[] = [];
      let next = 0;
      for (const each of steps) {
        if ('push' in each) {
          for (let n = 0; n < each.push; n += 1, next += 1) {
            fifo.push(next);
            model.push(next);
          }
        } else if ('shift' in each) {
          const count = each.shift;
          expect(Array.from({ length: count }, () => fifo.shift())).toEqual(
            Array.from({ length: count }, () => model.shift()),
          );
        } else {
          expect(fifo.truncate(each.keep)).toEqual(model.slice(each.keep));
          model = model.slice(0, each.keep);
        }
        expect(fifo.length).toBe(model.length);
      }
    }),
  );
});

test('an empty queue gives nothing', () => {
  expect(new Fifo<string>().shift()).toBeUndefined();
});

test('what goes in comes out in order while the queue grows to thousands', () => {
  const fifo = new Fifo<number>();
  let next = 0;
  let expected = 0;
  for (let round = 0; round < 50; round += 1) {
    for (let count = 0; count < 200; count += 1) fifo.push(next++);
    for (let count = 0; count < 150 + round; count += 1) {
      const item = fifo.shift();
      if (item !== undefined) expect(item).toBe(expected++);
    }
  }
  expect(fifo.length).toBe(next - expected);
});
