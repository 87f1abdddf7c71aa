import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Matrix } from './matrix.ts';

test('rows become a row-major matrix on shared memory, null becomes NaN', () => {
  const matrix = Matrix.fromRows(
    [
      [1, 2],
      [3, null],
    ],
    ['a', 'b'],
  );
  assert.deepEqual([...matrix.data], [1, 2, 3, Number.NaN]);
  assert.ok(matrix.data.buffer instanceof SharedArrayBuffer);
  assert.deepEqual(
    [matrix.at(1, 0), [...matrix.column(1)], [...matrix.row(0)]],
    [3, [2, Number.NaN], [1, 2]],
  );
});

test('take copies the rows asked for, in that order, and keeps names and precision', () => {
  const matrix = new Matrix({
    rows: 3,
    columns: 2,
    data: Float32Array.of(1, 2, 3, 4, 5, 6),
    names: ['a', 'b'],
  });
  const taken = matrix.take([2, 0, 2]);
  assert.deepEqual(taken.toRows(), [
    [5, 6],
    [1, 2],
    [5, 6],
  ]);
  assert.ok(taken.data instanceof Float32Array);
  assert.deepEqual(taken.names, ['a', 'b']);
});

test('what does not fit is named', () => {
  assert.throws(() => Matrix.fromRows([[1, 2], [3]]), {
    code: 'data/ragged-row',
    message: /Row 1 has 1 values/,
  });
  assert.throws(() => Matrix.fromRows([[1], ['x' as never]], ['价']), {
    code: 'data/not-a-number',
    message: /Row 1, column '价' holds "x"/,
  });
  assert.throws(() => new Matrix({ rows: 2, columns: 2, data: new Float64Array(3) }), {
    code: 'data/length-mismatch',
  });
  assert.throws(
    () => new Matrix({ rows: 1, columns: 2, data: new Float64Array(2), names: ['a'] }),
    /2 names, got 1/,
  );
});
