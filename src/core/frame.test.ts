import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countMissing, Frame } from './frame.ts';
import { Matrix } from './matrix.ts';

const day = new Date('2024-02-29');
const frame = Frame.fromColumns({
  面积: [100, null, 80],
  city: ['上海', '北京', null],
  sold: [true, null, false],
  date: [day, day, null],
});

test('columns take the kind of their cells and keep missing apart', () => {
  assert.deepEqual(
    frame.entries().map(([name, column]) => [name, column.kind, countMissing(column)]),
    [
      ['面积', 'number', 1],
      ['city', 'string', 1],
      ['sold', 'boolean', 1],
      ['date', 'date', 1],
    ],
  );
  assert.deepEqual(frame.toRecords()[1], { 面积: null, city: '北京', sold: null, date: day });
});

test('a computed NaN is a value, null is missing', () => {
  const column = Frame.fromColumns({ a: [Number.NaN, null, 1] }).column('a');
  assert.equal(countMissing(column), 1);
  assert.equal(countMissing(Frame.fromMatrix(Matrix.fromRows([[Number.NaN], [1]])).column('x0')), 1);
});

test('records become columns in the order first seen, absent keys are missing', () => {
  const made = Frame.fromRecords([{ a: 1 }, { b: 'x', a: 2 }]);
  assert.deepEqual(made.names, ['a', 'b']);
  assert.deepEqual(made.toRecords(), [
    { a: 1, b: null },
    { a: 2, b: 'x' },
  ]);
});

test('take, select, drop and with leave the original alone', () => {
  assert.deepEqual(frame.take([2, 0]).toRecords(), [frame.toRecords()[2], frame.toRecords()[0]]);
  assert.deepEqual(frame.select(['city', '面积']).names, ['city', '面积']);
  assert.deepEqual(frame.drop(['city']).names, ['面积', 'sold', 'date']);
  assert.equal(frame.with('面积', { kind: 'number', values: Float64Array.of(1, 2, 3) }).cell('面积', 2), 3);
  assert.equal(frame.cell('面积', 2), 80);
});

test('numbers and booleans become a matrix with names', () => {
  const matrix = frame.select(['sold', '面积']).toMatrix();
  assert.deepEqual(matrix.toRows(), [
    [1, 100],
    [Number.NaN, Number.NaN],
    [0, 80],
  ]);
  assert.deepEqual(matrix.names, ['sold', '面积']);
});

test('a column gives its numbers or its texts', () => {
  assert.deepEqual([...frame.numbers('面积')], [100, Number.NaN, 80]);
  assert.deepEqual([...frame.numbers('sold')], [1, Number.NaN, 0]);
  assert.deepEqual(frame.texts('city'), ['上海', '北京', null]);
  assert.deepEqual(frame.texts('面积'), ['100', null, '80']);
  assert.throws(() => frame.numbers('city'), { code: 'data/not-a-number', message: /'city'/ });
});

test('what does not fit is named', () => {
  assert.throws(() => frame.toMatrix(), {
    code: 'data/not-a-number',
    message: /Column 'city' holds text \(row 0: "上海"\)/,
  });
  assert.throws(() => frame.column('ctiy'), { code: 'data/missing-column', message: /Did you mean 'city'/ });
  assert.throws(() => frame.drop(['x']), { code: 'data/missing-column' });
  assert.throws(() => Frame.fromColumns({ a: [1, 'x'] }), {
    code: 'data/mixed-column',
    message: /'a'.*row 1/,
  });
  assert.throws(() => Frame.fromColumns({ a: [1], b: [1, 2] }), {
    code: 'data/length-mismatch',
    message: /'b'/,
  });
  assert.throws(() => Frame.fromColumns({ a: [{} as never] }), { code: 'data/unsupported-cell' });
  const column = frame.column('city');
  assert.throws(
    () =>
      new Frame([
        ['a', column],
        ['a', column],
      ]),
    { code: 'data/duplicate-column' },
  );
});

test('a column without any value is numeric', () => {
  assert.equal(Frame.fromColumns({ a: [null, null] }).column('a').kind, 'number');
});
