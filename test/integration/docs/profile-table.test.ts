import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkoutTable } from '../clients/checkouts.js';
import { generated } from './generated.js';
import { PAGES } from './page-requests.js';
import { COLUMNS, proofsOf, proofTable } from './proofs.js';

test.each([...PAGES])('every proof of %s is a test that is there', (name) => {
  const proofs = COLUMNS.flatMap((column) => proofsOf(name, column));
  const missing = proofs.filter(([file, title]) => !readFileSync(file, 'utf8').includes(`'${title}'`));
  expect(missing).toEqual([]);
});

test('the table of proofs is the one that the suite makes', async () => {
  const { inFile, made } = await generated('docs/profiles.md', {
    proofs: proofTable(),
    checkouts: checkoutTable(),
  });
  expect(inFile, 'UPDATE=1 writes it').toBe(made);
});
