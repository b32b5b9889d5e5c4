import { expect, test } from 'vitest';
import { vectorNamed } from '../../../../../test/support/protocol-vectors.js';
import { externalHash } from './logins.js';

test('the hash of a client that proves to know the shared secret is the one of the vector', () => {
  const { input, output } = vectorNamed('preservica', 'acquire-external');
  const { timestamp = '', username = '', password = '' } = input;
  expect(externalHash(timestamp, username, password)).toBe(output);
});
