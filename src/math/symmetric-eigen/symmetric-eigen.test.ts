import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { RandomState } from '../../core/random.ts';
import { Team } from '../../kernels/host/team.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

const teams = [1, 2, 3].map((threads) => new Team(threads));
after(() => Promise.all(teams.map((team) => team.close())));
const workersOf = (team: Team) => ({ team, checkpoint() {} });

/** Largest |A v − λ v| and |V Vᵀ − I|, relative to the largest |λ|. */
function errorsOf(a: Float64Array, n: number, { values, vectors }: ReturnType<typeof symmetricEigen>) {
  const norm = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  let [residual, orthogonality] = [0, 0];
  for (let k = 0; k < n; k++) {
    const v = vectors.subarray(k * n, (k + 1) * n);
    for (let i = 0; i < n; i++) {
      let [product, inner] = [0, 0];
      for (let j = 0; j < n; j++) {
        product += a[i * n + j]! * v[j]!;
        inner += vectors[i * n + j]! * v[j]!;
      }
      residual = Math.max(residual, Math.abs(product - values[k]! * v[i]!) / norm);
      orthogonality = Math.max(orthogonality, Math.abs(inner - (i === k ? 1 : 0)));
    }
  }
  return { residual, orthogonality };
}

function symmetric(n: number, entry: (i: number, j: number) => number): Float64Array {
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = entry(i, j);
  return a;
}

function assertSolved(a: Float64Array, n: number, team = teams[0]!): Float64Array {
  const solved = symmetricEigen(workersOf(team), a, n);
  const { residual, orthogonality } = errorsOf(a, n, solved);
  // Backward stable: a modest multiple of n ε.
  const tolerance = 20 * Math.max(n, 8) * Number.EPSILON;
  assert.ok(residual <= tolerance, `residual ${residual}`);
  assert.ok(orthogonality <= tolerance, `orthogonality ${orthogonality}`);
  for (let k = 1; k < n; k++) assert.ok(solved.values[k - 1]! <= solved.values[k]!);
  return solved.values;
}

const random = new RandomState(4);
const matrices: Record<string, (n: number) => Float64Array> = {
  'a random matrix': (n) => symmetric(n, () => random.standardNormal()),
  'a matrix of zeros': (n) => new Float64Array(n * n),
  'the unit matrix': (n) => symmetric(n, (i, j) => (i === j ? 1 : 0)),
  'a matrix of ones': (n) => symmetric(n, () => 1),
  'a diagonal matrix with repeated entries': (n) => symmetric(n, (i, j) => (i === j ? i % 3 : 0)),
  "Wilkinson's matrix, with eigenvalues in close pairs": (n) =>
    symmetric(n, (i, j) => (i === j ? Math.abs(i - (n - 1) / 2) : i - j === 1 ? 1 : 0)),
  'a graded matrix': (n) => symmetric(n, (i, j) => 10 ** (-(i + j) / 4) * random.standardNormal()),
  'a matrix of low rank': (n) => {
    const b = Array.from({ length: 3 }, () => random.standardNormal(n));
    return symmetric(n, (i, j) => b.reduce((sum, row) => sum + row[i]! * row[j]!, 0));
  },
  'entries of 1e200': (n) => symmetric(n, () => 1e200 * random.standardNormal()),
  'entries of 1e-200': (n) => symmetric(n, () => 1e-200 * random.standardNormal()),
};

for (const [name, make] of Object.entries(matrices)) {
  test(`${name} is solved to rounding errors at any order`, () => {
    for (const n of [1, 2, 3, 7, 32, 33, 65, 100, 170]) assertSolved(make(n), n);
  });
}

test('eigenvalues of the second difference matrix are 2 − 2 cos(k π / (n + 1))', () => {
  const n = 150;
  const values = assertSolved(
    symmetric(n, (i, j) => (i === j ? 2 : i - j === 1 ? -1 : 0)),
    n,
  );
  values.forEach((value, k) => {
    // Some ε times the norm, which is 4.
    assert.ok(Math.abs(value - (2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)))) < 1e-14);
  });
});

test('1, 2 and 3 threads give the same bits', () => {
  const n = 210;
  const a = symmetric(n, () => random.standardNormal());
  const [one, ...others] = teams.map((team) => symmetricEigen(workersOf(team), a, n));
  for (const other of others) assert.deepEqual(other, one);
});

test('matrices of small whole numbers, which tie and repeat, are solved', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 45 }), fc.integer({ min: 0, max: 1e6 }), (n, seed) => {
      const whole = new RandomState(seed);
      assertSolved(
        symmetric(n, () => whole.randint(-1, 2)),
        n,
      );
    }),
    { numRuns: 60, seed: 1 },
  );
});
