import { expect, test } from 'vitest';
import type { CaseRun } from './result.js';
import { isFarBelow, rowsOf } from './rows.js';

function measured(figures: object): CaseRun {
  return { name: 'a case', mode: 'full', seconds: 1, figures } as CaseRun;
}

const everything = (): boolean => true;

test('a figure is judged by its median, in the direction that is better', () => {
  const rows = rowsOf([], [measured({ isolationP99: [9, 40, 10], isolationDelivered: [98] })], everything);
  const ofFull = rows.filter(({ mode }) => mode === 'full');
  expect(ofFull.find(({ figure }) => figure === 'isolationP99')).toMatchObject({
    spread: { median: 10, min: 9, max: 40 },
    isMet: true,
  });
  expect(ofFull.find(({ figure }) => figure === 'isolationDelivered')).toMatchObject({ isMet: false });
});

test('what was not measured is neither met nor missed, and what was not asked for is not there', () => {
  const rows = rowsOf([], [], (figure, mode) => figure === 'payloadStall' && mode === 'full');
  expect(rows).toMatchObject([{ figure: 'payloadStall', mode: 'full', spread: null, isMet: null }]);
});

test('half as good as its bar is far below it, and a figure without a bar never is', () => {
  const rows = rowsOf(
    [],
    [measured({ payloadStall: [41], isolationP99: [29], payloadMemory: [1e6] })],
    everything,
  );
  expect(rows.filter(isFarBelow).map(({ figure }) => figure)).toEqual(['payloadStall']);
});
