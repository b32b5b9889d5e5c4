import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '#libs/kernel';
import { readHubForm } from './hub-form.js';

const FORM = {
  'hub.mode': 'subscribe',
  'hub.topic': 'https://book.example/topics/t',
  'hub.callback': 'https://reader.example/cb?x=1',
};

test('a form is read as it stands; what is left out or empty is not there', () => {
  expect(readHubForm(FORM)).toEqual({
    mode: 'subscribe',
    topic: 'https://book.example/topics/t',
    callback: 'https://reader.example/cb?x=1',
    leaseSeconds: null,
    secret: null,
  });
  const full = { ...FORM, 'hub.lease_seconds': '3600', 'hub.secret': 'hush' };
  expect(readHubForm(full)).toMatchObject({ leaseSeconds: 3600, secret: 'hush' });
  expect(readHubForm({ ...FORM, 'hub.lease_seconds': '', 'hub.secret': '' })).toEqual(readHubForm(FORM));
});

test('fields that the hub does not know are ignored', () => {
  const known = readHubForm(FORM);
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string().filter((name) => !name.startsWith('hub.')),
        fc.string(),
      ),
      (others) => {
        expect(readHubForm({ ...others, ...FORM, 'hub.verify': 'async' })).toEqual(known);
      },
    ),
    { numRuns: 50 },
  );
});

test.each([
  ['hub.mode', undefined, 'hub.mode is missing.'],
  ['hub.mode', 'publish', 'hub.mode must be subscribe or unsubscribe.'],
  ['hub.mode', ['subscribe', 'subscribe'], 'hub.mode must be given once.'],
  ['hub.topic', '', 'hub.topic is missing.'],
  ['hub.topic', `https://x/${'t'.repeat(2048)}`, 'hub.topic must have at most 2048 characters.'],
  ['hub.callback', undefined, 'hub.callback is missing.'],
  ['hub.lease_seconds', '0', 'hub.lease_seconds must be a whole number of seconds above zero.'],
  ['hub.lease_seconds', '-5', 'hub.lease_seconds must be a whole number of seconds above zero.'],
  ['hub.lease_seconds', '1e3', 'hub.lease_seconds must be a whole number of seconds above zero.'],
])('%s = %j is refused: %s', (name, value, message) => {
  expect(() => readHubForm({ ...FORM, [name]: value })).toThrow(message);
});

test('whoever leaves names no time and no secret, whatever the form says', () => {
  const form = { ...FORM, 'hub.mode': 'unsubscribe', 'hub.lease_seconds': 'soon', 'hub.secret': 'hush' };
  expect(readHubForm(form)).toMatchObject({ mode: 'unsubscribe', leaseSeconds: null, secret: null });
});

test('whatever is sent is read or refused, and nothing else happens', () => {
  const name = fc.constantFrom(...Object.keys(FORM), 'hub.secret', 'hub.lease_seconds', 'x');
  fc.assert(
    fc.property(fc.oneof(fc.dictionary(name, fc.anything()), fc.anything()), (body) => {
      try {
        readHubForm(body);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
      }
    }),
  );
});
