import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { RandomState } from '../core/random.ts';
import { Team } from '../kernels/host/team.ts';
import { thinSvd } from './thin-svd.ts';

const team = new Team(2);
after(() => team.close());
const workers = { team, checkpoint() {} };
const random = new RandomState(3);

function normals(rows: number, columns: number): Float64Array {
  return random.standardNormal(rows * columns);
}

function product(
  a: Float64Array,
  b: Float64Array,
  rows: number,
  depth: number,
  columns: number,
): Float64Array {
  const c = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let t = 0; t < depth; t++) {
      for (let j = 0; j < columns; j++) c[i * columns + j]! += a[i * depth + t]! * b[t * columns + j]!;
    }
  }
  return c;
}

/** Lengths of W v are the singular values, the vectors are orthonormal, and nothing of W lies outside their span. */
function assertDecomposed(w: Float64Array, rows: number, columns: number): Float64Array {
  const { singularValues, rightVectors } = thinSvd(workers, w, rows, columns);
  const largest = singularValues[0]!;
  // A few ε per column and sum.
  const tolerance = 40 * Number.EPSILON * Math.sqrt(columns);
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, j) => sum + value * b[j]!, 0);
  const v = Array.from({ length: rows }, (_, k) => rightVectors.subarray(k * columns, (k + 1) * columns));
  const line = Array.from({ length: rows }, (_, i) => w.subarray(i * columns, (i + 1) * columns));
  for (let a = 0; a < rows; a++) {
    assert.ok(a === 0 || singularValues[a]! <= singularValues[a - 1]!);
    const image = Float64Array.from(line, (row) => dot(row, v[a]!));
    const size = Math.sqrt(dot(image, image));
    assert.ok(Math.abs(size - singularValues[a]!) <= tolerance * largest, `${size} ≠ ${singularValues[a]}`);
    for (let b = 0; b <= a; b++) assert.ok(Math.abs(dot(v[a]!, v[b]!) - (a === b ? 1 : 0)) <= tolerance);
  }
  const rest =
    line.reduce((sum, row) => sum + dot(row, row), 0) - singularValues.reduce((sum, s) => sum + s * s, 0);
  assert.ok(Math.abs(rest) <= tolerance * largest * largest * rows);
  return singularValues;
}

test('matrices of any shape come apart into orthonormal vectors and their lengths', () => {
  for (const [rows, columns] of [
    [1, 1],
    [1, 9],
    [5, 5],
    [12, 40],
    [70, 71],
  ] as const) {
    assertDecomposed(normals(rows, columns), rows, columns);
  }
});

test('a matrix of lower rank gets zeros and vectors that complete the basis', () => {
  const values = assertDecomposed(product(normals(9, 3), normals(3, 20), 9, 3, 20), 9, 20);
  assert.ok(values[3]! < 1e-14 * values[0]!);
  assert.deepEqual(Array.from(assertDecomposed(new Float64Array(12), 3, 4)), [0, 0, 0]);
  assertDecomposed(Float64Array.of(2, 0, 0, 0, 0, 0), 2, 3);
});

test('small singular values keep their digits beside large ones', () => {
  // Rows at right angles but for the first, whose multiple is in the others: σ = 1e-10 to 8 digits or so, not 1e-8.
  const w = Float64Array.of(1, 1, 0, 0, 0.5, 0.5, 1e-10, 0, 0, 0, 0, 1);
  const values = assertDecomposed(w, 3, 4);
  // σ₁ σ₃ = the area of rows 0 and 1 = √2 · 1e-10, and σ₁ = √2.5.
  assert.ok(Math.abs(values[2]! / ((Math.SQRT2 * 1e-10) / Math.sqrt(2.5)) - 1) < 1e-5, `${values[2]}`);
});
