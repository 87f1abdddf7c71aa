import assert from 'node:assert/strict';
import { test } from 'node:test';
import { box, discrete, multiDiscrete } from '../space.ts';
import { featureRows, featuresOf, suitsFeatures, writeFeatures } from './observation-features.ts';

test('numbers are taken as they are, whole numbers become ones among zeros', () => {
  const write = (
    space: Parameters<typeof featuresOf>[0],
    observation: number | Float32Array | Int32Array,
  ) => {
    const features = featuresOf(space);
    const out = new Float32Array(features.width + 2).fill(9);
    writeFeatures(features, observation, out, 1);
    assert.deepEqual([out[0], out.at(-1)], [9, 9], 'nothing is written beyond');
    return Array.from(out.subarray(1, -1));
  };
  assert.deepEqual(write(box([0, 0], [1, 1]), Float32Array.of(0.5, -2)), [0.5, -2]);
  assert.deepEqual(write(discrete(4), 2), [0, 0, 1, 0]);
  assert.deepEqual(write(multiDiscrete([2, 3]), Int32Array.of(1, 0)), [0, 1, 1, 0, 0]);
});

test('rows of a table give the same, and what cannot be observed is told of by row', () => {
  const features = featuresOf(multiDiscrete([2, 3]));
  assert.deepEqual(
    Array.from(featureRows(features, Float64Array.of(0, 2, 1, 1), 2)),
    [1, 0, 0, 0, 1, 0, 1, 0, 1, 0],
  );
  for (const bad of [2, -1, 0.5]) {
    assert.throws(() => featureRows(features, Float64Array.of(0, 0, bad, 0), 2), {
      code: 'data/unknown-state',
      message: /Row 1/,
    });
  }
});

test('features tell spaces apart', () => {
  const features = featuresOf(discrete(4));
  assert.equal(suitsFeatures(features, discrete(4)), true);
  for (const other of [discrete(5), box([0, 0, 0, 0], [1, 1, 1, 1]), multiDiscrete([2, 2])])
    assert.equal(suitsFeatures(features, other), false);
});
