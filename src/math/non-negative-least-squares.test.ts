import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { Team } from '../kernels/host/team.ts';
import { nonNegativeLeastSquares } from './non-negative-least-squares.ts';

const team = new Team(1);
after(() => team.close());
const workers = { team, checkpoint() {} };

const integers = (length: number) =>
  fc.array(fc.integer({ min: -4, max: 4 }), { minLength: length, maxLength: length });

test('the solution satisfies the conditions of Karush, Kuhn and Tucker, dependent columns included', () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 8 })
        .chain((columns) =>
          fc.tuple(fc.array(integers(columns), { minLength: 1, maxLength: 12 }), integers(12)),
        ),
      ([a, b]) => {
        const order = a[0]!.length;
        const gram = new Float64Array(order * order);
        const right = new Float64Array(order);
        for (let i = 0; i < order; i++) {
          for (let j = 0; j < order; j++)
            gram[i * order + j] = a.reduce((sum, row) => sum + row[i]! * row[j]!, 0);
          right[i] = a.reduce((sum, row, k) => sum + row[i]! * b[k]!, 0);
        }
        const beta = nonNegativeLeastSquares(workers, gram, right);
        for (let j = 0; j < order; j++) {
          assert.ok(beta[j]! >= 0);
          let gradient = right[j]!;
          for (let k = 0; k < order; k++) gradient -= gram[j * order + k]! * beta[k]!;
          // Sums of integers up to 200 times coefficients that grow with the condition of small integer matrices.
          const slack = 1e-9 * (1 + Math.max(...beta) * gram[j * order + j]!);
          assert.ok(gradient <= slack, `column ${j} at ${beta[j]} could still grow: ${gradient}`);
          if (beta[j]! > 0)
            assert.ok(gradient >= -slack, `column ${j} at ${beta[j]} is too large: ${gradient}`);
        }
      },
    ),
    { numRuns: 500, seed: 1 },
  );
});

test('without positive gradients all stay at zero', () => {
  const beta = nonNegativeLeastSquares(workers, Float64Array.of(1, 0, 0, 1), Float64Array.of(-1, 0));
  assert.deepEqual([...beta], [0, 0]);
});
