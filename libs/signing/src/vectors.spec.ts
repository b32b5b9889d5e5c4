import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { challengeResponse, parseSecret, signStandard } from './index.js';

interface Vector {
  readonly profile: string;
  readonly name: string;
  readonly input: Record<string, string | number>;
  readonly output: string;
}

const file = new URL('../../../test/vectors/protocol-vectors.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] };

const symmetric = vectors.filter(({ profile, input }) => profile === 'standard' && 'secret' in input);
const native = vectors.filter(({ profile }) => profile === 'native');

test('the vectors are there', () => {
  expect(symmetric.length).toBeGreaterThanOrEqual(3);
  expect(native.length).toBeGreaterThanOrEqual(1);
});

test.each(symmetric)('Standard Webhooks vector "$name" is signed exactly', ({ input, output }) => {
  const signature = signStandard({
    id: String(input['id']),
    timestamp: Number(input['timestamp']),
    body: Buffer.from(String(input['body'])),
    keys: [parseSecret(String(input['secret']))],
  });
  expect(signature).toBe(output);
});

test.each(native)('native vector "$name" is answered exactly', ({ input, output }) => {
  const key = Buffer.from(String(input['keyHex']), 'hex');
  expect(challengeResponse(key, String(input['subscriptionId']), String(input['challenge']))).toBe(output);
});
