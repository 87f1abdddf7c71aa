import assert from 'node:assert/strict';
import { test } from 'node:test';
import { r2Score } from './explained.ts';
import { maxError, meanSquaredError } from './regression.ts';

const truth = [
  [1, 2],
  [3, 4],
];
const prediction = [
  [1, 3],
  [4, 4],
];

test('the type of the answer follows multioutput', () => {
  const raw: Float64Array = meanSquaredError(truth, prediction, { multioutput: 'rawValues' });
  assert.deepEqual([...raw], [0.5, 0.5]);
  const mean: number = meanSquaredError(truth, prediction);
  const weighted: number = meanSquaredError(truth, prediction, { multioutput: [1, 3] });
  assert.deepEqual([mean, weighted], [0.5, 0.5]);
  // @ts-expect-error raw values are an array
  const wrong: number = meanSquaredError(truth, prediction, { multioutput: 'rawValues' });
  assert.equal(typeof wrong, 'object');
});

test('a large constant added to truth and prediction does not spoil R²', () => {
  const y = [1, 2, 3, 4];
  const p = [1.5, 2, 3, 4];
  const shifted = r2Score(
    y.map((v) => v + 2 ** 40),
    p.map((v) => v + 2 ** 40),
  );
  // All these numbers are exact in float64, so the answer must be too.
  assert.equal(shifted, r2Score(y, p));
});

test('the largest error takes one output', () => {
  assert.equal(maxError([1, 2], [4, 2]), 3);
  assert.throws(() => maxError(truth, prediction), /maxError takes one output but got 2/);
});
