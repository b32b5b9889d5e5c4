import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dialectOf } from '#libs/signing';
import type { Voice } from './target.js';
import { type EarlierVoice, voiceSelector } from './voices.js';

const voice = (): Voice => ({ dialect: dialectOf({ profile: 'github' }, ''), keys: () => [], headers: {} });
const idOf = (time: number): string => `${time.toString(16).padStart(8, '0')}-0000-7000-8000-000000000000`;
const time = fc.nat(200);

test('a delivery has the voice of the first choice that counts up to it or later, and else the present one', () => {
  fc.assert(
    fc.property(fc.uniqueArray(time, { maxLength: 10 }), time, (ends, made) => {
      const sorted = ends.toSorted((one, other) => one - other);
      const earlier = sorted.map((end): EarlierVoice => ({ upTo: idOf(end), voice: voice() }));
      const present = voice();
      const place = sorted.filter((end) => end < made).length;
      expect(voiceSelector(present, earlier)(idOf(made))).toBe(earlier[place]?.voice ?? present);
    }),
  );
});
