import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { predictionWriter } from './prediction-writer.ts';

const identity = { name: 'a "house"', version: 3, path: '' };

test('what is written is the JSON of what was predicted', () => {
  const label = fc.oneof(fc.string(), fc.integer(), fc.boolean());
  const classes = fc.uniqueArray(label, { minLength: 2, maxLength: 5, selector: String });
  fc.assert(
    fc.property(classes, fc.array(fc.double(), { minLength: 10, maxLength: 10 }), (classes, numbers) => {
      const width = classes.length;
      const rows = Math.floor(numbers.length / width);
      const codes = Int32Array.from({ length: rows }, (_, i) => i % width);
      const predictions = { kind: 'classes' as const, codes, probabilities: Float64Array.from(numbers) };
      const target = { name: null, kind: 'class' as const, classes, positiveClass: null };
      const writer = predictionWriter({ identity, target });
      const expected = (i: number) => ({
        id: `ID${i}`,
        prediction: classes[codes[i]!],
        probabilities: Object.fromEntries(
          classes.map((name, k) => [
            String(name),
            Number.isFinite(numbers[i * width + k]) ? numbers[i * width + k]! + 0 : null,
          ]),
        ),
      });
      const model = { name: identity.name, version: 3 };
      const items = Array.from({ length: rows }, (_, i) => writer.item(`ID${i}`, predictions, i));
      assert.deepEqual(JSON.parse(writer.open + items.join(',') + writer.close), {
        predictions: items.map((_, i) => expected(i)),
        model,
      });
      assert.deepEqual(JSON.parse(writer.one('ID0', predictions, 0)), { ...expected(0), model });
    }),
  );
});

test('a number that JSON cannot hold is null', () => {
  const target = { name: 'y', kind: 'number' as const, classes: null, positiveClass: null };
  const { item } = predictionWriter({ identity, target });
  const values = Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY, -0, 1e-300);
  const made = [0, 1, 2, 3].map((i) => JSON.parse(item('x', { kind: 'values', values }, i)).prediction);
  assert.deepEqual(made, [null, null, 0, 1e-300]);
});
