import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gaussLegendre } from './gauss-legendre.ts';

test('polynomials up to degree 2n − 1 are integrated exactly, the next one is not', () => {
  for (const count of [1, 2, 3, 4, 7, 16, 40]) {
    const { points, weights } = gaussLegendre(count);
    const integral = (degree: number) => points.reduce((sum, t, q) => sum + weights[q]! * t ** degree, 0);
    for (let degree = 0; degree < 2 * count; degree++) {
      // Points and weights to a few units in the last place.
      assert.ok(Math.abs(integral(degree) * (degree + 1) - 1) < 1e-13, `${count} points, degree ${degree}`);
    }
    if (count < 8) assert.ok(Math.abs(integral(2 * count) * (2 * count + 1) - 1) > 1e-9, String(count));
  }
});
