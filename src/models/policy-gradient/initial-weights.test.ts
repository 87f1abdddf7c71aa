import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomState } from '../../core/random.ts';
import { orthogonalWeights, uniformWeights } from './initial-weights.ts';

test('the fewer of rows and columns are orthogonal to each other and of the length of the gain', () => {
  for (const [inputs, outputs] of [
    [4, 64],
    [64, 64],
    [64, 2],
    [3, 1],
  ] as const) {
    const gain = 1.5;
    const weights = orthogonalWeights(inputs, outputs, gain, new RandomState(1));
    const count = Math.min(inputs, outputs);
    const at = (vector: number, k: number) =>
      inputs <= outputs ? weights[vector * outputs + k]! : weights[k * outputs + vector]!;
    for (let a = 0; a < count; a++) {
      for (let b = 0; b <= a; b++) {
        let product = 0;
        for (let k = 0; k < Math.max(inputs, outputs); k++) product += at(a, k) * at(b, k);
        // Float32 weights.
        assert.ok(
          Math.abs(product - (a === b ? gain * gain : 0)) < 1e-6,
          `${inputs} × ${outputs}: ${product}`,
        );
      }
    }
  }
});

test('uniform weights are within one over the root of the inputs', () => {
  const weights = uniformWeights(1000, 16, new RandomState(1));
  assert.ok(weights.every((weight) => Math.abs(weight) <= 0.25));
  assert.ok(weights.some((weight) => weight > 0.24) && weights.some((weight) => weight < -0.24));
});
