import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KeyIds } from './key-ids.ts';

test('keys are numbered in the order in which they come, as a map would, however many and however alike', () => {
  const key = fc.oneof(
    fc.nat(20),
    fc.integer({ min: 0, max: 2 ** 52 - 1 }),
    fc.nat(50).map((k) => k * 2 ** 31),
  );
  fc.assert(
    fc.property(fc.array(key, { maxLength: 400 }), fc.nat(10), (keys, expected) => {
      const ids = new KeyIds(expected);
      const known = new Map<number, number>();
      for (const one of keys) {
        if (!known.has(one)) known.set(one, known.size);
        assert.equal(ids.id(one), known.get(one));
      }
      assert.equal(ids.count, known.size);
    }),
    { seed: 7 },
  );
});
