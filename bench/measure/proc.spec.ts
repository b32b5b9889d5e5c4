import { expect, test } from 'vitest';
import { parseMemory, parseStat } from './proc.js';

test('the time of a process is its own and that of its ended children, whatever its name', () => {
  const text = '42 (post) gres: 1 2) S 7 42 42 0 -1 4194560 1 2 3 4 100 20 3 4 20 0 1 0 5 6 7';
  expect(parseStat(text)).toEqual({ command: 'post) gres: 1 2', parent: 7, ticks: 127 });
});

test('memory is told in megabytes, and a field that is missing is nothing', () => {
  expect(parseMemory('Name:\tnode\nVmHWM:\t  204800 kB\nVmRSS:\t  102400 kB\n')).toEqual({
    nowMb: 100,
    peakMb: 200,
  });
  expect(parseMemory('Name:\tzombie\n')).toEqual({ nowMb: 0, peakMb: 0 });
});
