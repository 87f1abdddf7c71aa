import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { RandomState } from '../core/random.ts';
import { Team } from '../kernels/host/team.ts';
import { plainCholesky } from '../kernels/plain/cholesky.ts';
import { cholesky } from './cholesky.ts';

const teams = [1, 2, 3].map((threads) => new Team(threads));
after(() => Promise.all(teams.map((team) => team.close())));

/** BᵀB / n + shift · I with a unit diagonal. */
function example(order: number, shift: number): number[][] {
  const random = new RandomState(order);
  const b = Array.from({ length: order + 3 }, () =>
    Array.from({ length: order }, () => random.standardNormal()),
  );
  const a = Array.from({ length: order }, (_, i) =>
    Array.from(
      { length: order },
      (_, j) => b.reduce((sum, row) => sum + row[i]! * row[j]!, 0) / order + (i === j ? shift : 0),
    ),
  );
  return a.map((row, i) => row.map((value, j) => value / Math.sqrt(a[i]![i]! * a[j]![j]!)));
}

const flat = (a: readonly (readonly number[])[]) => Float64Array.from(a.flat());

for (const order of [1, 2, 11, 12, 47, 48, 49, 97, 150, 253]) {
  test(`order ${order} gives the factor of the definition, with the same bits for any number of threads`, () => {
    const a = example(order, 1);
    const [one, two, three] = teams.map((team) => cholesky({ team }, flat(a), order)!);
    const wanted = plainCholesky(a)!;
    for (let i = 0; i < order; i++) {
      for (let j = i; j < order; j++) {
        // Rounding errors of up to 253 terms of size 1, at a condition below 10.
        assert.ok(Math.abs(one!.upper[i * order + j]! - wanted[i]![j]!) < 1e-13);
      }
    }
    assert.deepEqual(two!.upper, one!.upper);
    assert.deepEqual(three!.upper, one!.upper);
  });
}

test('solve inverts the matrix in its own units, however different these are', () => {
  const a = example(20, 1);
  const units = Float64Array.from({ length: 20 }, (_, i) => 10 ** (i - 10));
  const matrix = Float64Array.from(
    a.flatMap((row, i) => row.map((value, j) => value * units[i]! * units[j]!)),
  );
  const x = units.map((unit, i) => (i - 7.5) / unit);
  const b = Float64Array.from({ length: 20 }, (_, i) =>
    x.reduce((sum, value, j) => sum + matrix[i * 20 + j]! * value, 0),
  );
  const found = cholesky({ team: teams[0]! }, matrix, 20)!.solve(b);
  // Condition below 10 once the units are scaled away.
  found.forEach((value, i) => {
    assert.ok(Math.abs(value / x[i]! - 1) < 1e-13);
  });
});

test('the condition estimate is within a factor of three of the condition number', () => {
  for (const [order, shift] of [
    [3, 0],
    [20, 0.001],
    [60, 0],
    [60, 1],
  ] as const) {
    const a = example(order, shift);
    const factor = cholesky({ team: teams[0]! }, flat(a), order)!;
    const sum = (values: ArrayLike<number>) =>
      Array.from(values).reduce((total, value) => total + Math.abs(value), 0);
    const inverseNorm = Math.max(
      ...a.map((_, j) =>
        sum(factor.solve(Float64Array.from({ length: order }, (_, i) => (i === j ? 1 : 0)))),
      ),
    );
    const truth = Math.max(...a.map(sum)) * inverseNorm;
    const estimate = factor.condition();
    // It is a lower bound (but for rounding errors); Higham found it within a factor of 3 in practice.
    assert.ok(estimate <= truth * (1 + 1e-8) && estimate >= truth / 3, `${estimate}, ${truth}`);
  }
});

test('matrices that are not positive definite are refused', () => {
  const [team] = teams;
  assert.equal(cholesky({ team: team! }, Float64Array.of(1, 2, 2, 1), 2), undefined);
  assert.equal(cholesky({ team: team! }, Float64Array.of(1, 1, 1, 1), 2), undefined);
  assert.equal(cholesky({ team: team! }, Float64Array.of(0), 1), undefined);
  assert.equal(cholesky({ team: team! }, Float64Array.of(Number.NaN), 1), undefined);
  const a = example(100, 1);
  a[70]![70] = -1;
  assert.equal(cholesky({ team: team! }, flat(a), 100), undefined);
  // Pivot 99 is 0: its row and column repeat those of 98.
  const b = example(100, 1);
  b[99] = [...b[98]!];
  for (const row of b) row[99] = row[98]!;
  for (const each of teams) assert.equal(cholesky({ team: each }, flat(b), 100), undefined);
});
