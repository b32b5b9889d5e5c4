import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromTypeId, newId, toTypeId } from './ids.js';

test('a published TypeID vector is met', () => {
  expect(toTypeId('evt', '01890a5d-ac96-774b-bcce-b302099a8057')).toBe('evt_01h455vb4pex5vsknk084sn02q');
  expect(toTypeId('evt', '00000000-0000-0000-0000-000000000000')).toBe('evt_00000000000000000000000000');
  expect(toTypeId('evt', 'ffffffff-ffff-ffff-ffff-ffffffffffff')).toBe('evt_7zzzzzzzzzzzzzzzzzzzzzzzzz');
});

test('every UUID comes back from its TypeID', () => {
  const property = fc.property(fc.uuid(), (uuid) => {
    expect(fromTypeId('dlv', toTypeId('dlv', uuid))).toBe(uuid);
  });
  fc.assert(property);
});

test('a new id is a UUIDv7 of now', () => {
  const before = Date.now();
  const id = newId();
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const time = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
  expect(time).toBeGreaterThanOrEqual(before - 1000);
  expect(time).toBeLessThanOrEqual(Date.now() + 1000);
});

test('new ids grow with time', () => {
  const ids = Array.from({ length: 1000 }, () => newId());
  expect([...ids].sort()).toEqual(ids);
});

test.each([
  ['another prefix', 'sub_01h455vb4pex5vsknk084sn02q'],
  ['a letter outside the alphabet', 'evt_01h455vb4pex5vsknk084sn02u'],
  ['more than 128 bits', 'evt_8zzzzzzzzzzzzzzzzzzzzzzzzz'],
  ['too short', 'evt_01h455'],
  ['upper case', 'evt_01H455VB4PEX5VSKNK084SN02Q'],
  ['nothing', ''],
])('%s is no id', (_, text) => {
  expect(fromTypeId('evt', text)).toBeNull();
});
