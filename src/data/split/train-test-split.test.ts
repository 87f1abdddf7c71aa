import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DataError, OptionError } from '../../core/errors.ts';
import { Frame } from '../../core/frame.ts';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { trainTestIndices } from './train-test-indices.ts';
import { trainTestSplit } from './train-test-split.ts';

/** Compiles only when T and U are the same type. */
type Same<T, U> = (<V>() => V extends T ? 1 : 2) extends <V>() => V extends U ? 1 : 2 ? true : false;
const same = <T extends true>(value: T) => value;

const frame = Frame.fromColumns({ a: [1, 2, 3, 4, 5, 6], b: ['u', 'v', 'w', 'x', 'y', 'z'] });
const labels = ['p', 'q', 'p', 'q', 'p', 'q'];

test('parts keep the type of the whole: Frame, Matrix, column, typed array, array', () => {
  const parts = trainTestSplit(frame, labels, { testSize: 2, randomState: 42 });
  same<Same<typeof parts.xTrain, Frame>>(true);
  same<Same<typeof parts.yTest, string[]>>(true);
  const { train, test } = trainTestIndices(6, { testSize: 2, randomState: 42 });
  assert.deepEqual(parts.xTest.toRecords(), frame.take(test).toRecords());
  assert.deepEqual(
    parts.yTrain,
    Array.from(train, (row) => labels[row]),
  );

  const matrix = trainTestSplit(Matrix.fromRows([[1], [2], [3], [4]]), Float32Array.of(1, 2, 3, 4));
  same<Same<typeof matrix.xTrain, Matrix<Float64Array>>>(true);
  assert.ok(matrix.xTrain instanceof Matrix);
  assert.ok(matrix.yTrain instanceof Float32Array);
  for (const part of ['Train', 'Test'] as const) {
    assert.deepEqual(Array.from(matrix[`x${part}`].data), Array.from(matrix[`y${part}`]));
  }

  const column = trainTestSplit(frame, frame.column('b')).yTest;
  assert.equal(column.kind, 'string');
  assert.deepEqual(trainTestSplit([[1], [2]], { shuffle: false, testSize: 1 }), {
    xTrain: [[1]],
    xTest: [[2]],
  });
  assert.deepEqual(trainTestSplit(BigInt64Array.of(5n, 6n), { shuffle: false, testSize: 1 }), {
    xTrain: BigInt64Array.of(5n),
    xTest: BigInt64Array.of(6n),
  });
});

test('a validation part is there exactly when it is asked for, in the type too', () => {
  const two = trainTestSplit(frame, labels);
  const three = trainTestSplit(frame, labels, { testSize: 1, validationSize: 2 });
  same<Same<keyof typeof two, 'xTrain' | 'xTest' | 'yTrain' | 'yTest'>>(true);
  same<Same<typeof three.yValidation, string[]>>(true);
  assert.deepEqual(Object.keys(two), ['xTrain', 'xTest', 'yTrain', 'yTest']);
  assert.equal(three.xValidation.rows, 2);
  assert.equal(three.yValidation.length, 2);
  const alone = trainTestSplit(frame, { testSize: 1, validationSize: 2 });
  same<Same<keyof typeof alone, 'xTrain' | 'xTest' | 'xValidation'>>(true);
  assert.deepEqual(Object.keys(alone), ['xTrain', 'xTest', 'xValidation']);
});

test('the four rows of the house price example divide as train_test_split(test_size=0.2, random_state=42) does', () => {
  const { train, test } = trainTestIndices(4, { testSize: 0.2, randomState: 42 });
  assert.deepEqual(Array.from(test), [1]);
  assert.deepEqual(Array.from(train), [3, 0, 2]);
});

test('a generator given as randomState goes on where it stands', () => {
  const random = new RandomState(42);
  assert.deepEqual(trainTestIndices(30, { randomState: random }), trainTestIndices(30, { randomState: 42 }));
  assert.notDeepEqual(
    trainTestIndices(30, { randomState: random }),
    trainTestIndices(30, { randomState: 42 }),
  );
});

const rowsOf = fc.array(fc.record({ group: fc.nat(8), time: fc.nat(30) }), { minLength: 30, maxLength: 60 });

test('groups stay together in all three parts', () => {
  fc.assert(
    fc.property(rowsOf, fc.nat(2 ** 32 - 1), (rows, randomState) => {
      const groups = rows.map(({ group }) => group);
      fc.pre(new Set(groups).size >= 5);
      const parts = trainTestIndices(rows.length, {
        groups,
        randomState,
        testSize: 0.2,
        validationSize: 0.2,
      });
      const [a, b, c] = [parts.train, parts.validation, parts.test].map(
        (part) => new Set(Array.from(part, (row) => groups[row]!)),
      );
      assert.equal(a!.size + b!.size + c!.size, new Set(groups).size);
      assert.equal(new Set([...a!, ...b!, ...c!]).size, new Set(groups).size);
      assert.equal(parts.train.length + parts.validation.length + parts.test.length, rows.length);
    }),
    { numRuns: 100 },
  );
});

test('time divides strictly: training before validation before test, a tie stays together', () => {
  fc.assert(
    fc.property(rowsOf, (rows) => {
      const time = rows.map(({ time }) => time);
      fc.pre(new Set(time).size >= 12);
      const parts = trainTestIndices(rows.length, { time, testSize: 0.2, validationSize: 0.2 });
      const times = [parts.train, parts.validation, parts.test].map((part) =>
        Array.from(part, (row) => time[row]!),
      );
      assert.ok(Math.max(...times[0]!) < Math.min(...times[1]!));
      assert.ok(Math.max(...times[1]!) < Math.min(...times[2]!));
      assert.equal(times.flat().length, rows.length);
    }),
    { numRuns: 100 },
  );
  const at = (time: number[], testSize: number) => trainTestIndices(time.length, { time, testSize });
  assert.deepEqual(Array.from(at([4, 1, 3, 2], 1).test), [0]);
  assert.deepEqual(Array.from(at([1, 2, 2, 2], 1).test), [1, 2, 3]);
  assert.deepEqual(Array.from(at([1, 1, 1, 2], 2).train), [0, 1, 2]);
});

test('groups and time together leak neither way, also where every group spans all of time', () => {
  const groups = Array.from({ length: 60 }, (_, i) => i % 6);
  const time = Array.from({ length: 60 }, (_, i) => Math.floor(i / 6));
  const { train, test } = trainTestIndices(60, { groups, time, testSize: 0.3 });
  assert.deepEqual([...new Set(Array.from(test, (row) => groups[row]!))], [4, 5]);
  assert.deepEqual([...new Set(Array.from(train, (row) => groups[row]!))], [0, 1, 2, 3]);
  const last = Math.max(...Array.from(train, (row) => time[row]!));
  assert.ok(test.every((row) => time[row]! > last));
});

test('sizes, labels and options that do not go together are named', () => {
  const y = [0, 0, 0, 1];
  const cases: [() => unknown, typeof OptionError | typeof DataError, RegExp][] = [
    [() => trainTestSplit([1, 2, 3], [1, 2]), DataError, /x has 3 rows, y has 2/],
    [() => trainTestSplit(7 as never), DataError, /Frame, a Matrix/],
    [() => trainTestIndices(4, { tesSize: 1 } as never), OptionError, /'testSize'/],
    [() => trainTestIndices(4, { testSize: 0 }), OptionError, /testSize/],
    [() => trainTestIndices(4, { testSize: 4 }), OptionError, /leaves nothing/],
    [() => trainTestIndices(4, { randomState: -1 }), OptionError, /'randomState' cannot be -1/],
    [() => trainTestIndices(4, { stratify: y }), DataError, /'stratify'.*1 \(1 row\)/],
    [() => trainTestIndices(4, { stratify: 'yyyn' as never }), OptionError, /one value per row/],
    [() => trainTestIndices(4, { stratify: [1] }), DataError, /'stratify' has 1/],
    [() => trainTestIndices(4, { stratify: y, groups: y }), OptionError, /stratifiedGroupKFold/],
    [() => trainTestIndices(4, { stratify: y, time: y }), OptionError, /stratify and time/],
    [() => trainTestIndices(4, { stratify: y, shuffle: false }), OptionError, /shuffle: false/],
    [() => trainTestIndices(4, { groups: y, shuffle: false }), OptionError, /shuffle: false/],
    [() => trainTestIndices(4, { time: y, shuffle: true }), OptionError, /shuffle: true/],
    [() => trainTestIndices(4, { groups: [1, 1, 1, 1] }), OptionError, /1 groups.*no training groups/],
    [() => trainTestIndices(4, { time: [1, 1, 1, 1] }), DataError, /same time/],
  ];
  for (const [call, family, message] of cases) {
    assert.throws(call, (error) => {
      assert.ok(error instanceof family, String(error));
      assert.match(error.message, message);
      return true;
    });
  }
});
