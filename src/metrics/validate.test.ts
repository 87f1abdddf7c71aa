import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DataError, OptionError } from '../core/errors.ts';
import { accuracyScore } from './agreement.ts';
import { rocAucScore } from './areas.ts';
import { rocCurve } from './curves.ts';
import { meanGammaDeviance, meanTweedieDeviance } from './deviance.ts';
import { f1Score } from './precision-recall.ts';
import { brierScoreLoss, logLoss } from './probabilistic.ts';
import { meanSquaredError, meanSquaredLogError } from './regression.ts';

type Family = typeof DataError | typeof OptionError;

/** Every wrong input with the code and the words its message must contain. */
const wrong: [string, () => unknown, Family, string, RegExp][] = [
  [
    'unequal lengths',
    () => meanSquaredError([1, 2, 3], [1, 2]),
    DataError,
    'data/length-mismatch',
    /3 rows .* 2/,
  ],
  ['empty input', () => meanSquaredError([], []), DataError, 'data/empty', /truth is empty/],
  [
    'NaN in truth',
    () => meanSquaredError([1, NaN], [1, 2]),
    DataError,
    'data/not-finite',
    /truth row 1 .* NaN/,
  ],
  [
    'Infinity in prediction',
    () => meanSquaredError([[1, 2]], [[1, Infinity]]),
    DataError,
    'data/not-finite',
    /prediction row 0, column 1 .* Infinity/,
  ],
  [
    'null',
    () => meanSquaredError([1, null as unknown as number], [1, 2]),
    DataError,
    'data/not-a-number',
    /row 1/,
  ],
  [
    'text',
    () => meanSquaredError(['7' as unknown as number], [1]),
    DataError,
    'data/not-a-number',
    /row 0 is '7'/,
  ],
  [
    'ragged rows',
    () => meanSquaredError([[1, 2], [3]], [[1, 2], [3]]),
    DataError,
    'data/ragged-row',
    /row 1 has 1/,
  ],
  [
    'a matrix of the wrong size',
    () => meanSquaredError({ rows: 2, columns: 2, data: [1, 2, 3] }, [[1, 2]]),
    DataError,
    'data/shape-mismatch',
    /3 numbers instead of 4/,
  ],
  [
    'other outputs',
    () => meanSquaredError([[1, 2]], [[1]]),
    DataError,
    'data/shape-mismatch',
    /2 outputs .* 1/,
  ],
  [
    'a negative weight',
    () => meanSquaredError([1, 2], [1, 2], { sampleWeight: [1, -2] }),
    DataError,
    'data/negative-weight',
    /row 1 is -2/,
  ],
  [
    'weights that are all zero',
    () => accuracyScore([1, 0], [1, 0], { sampleWeight: [0, 0] }),
    DataError,
    'data/zero-weights',
    /at least one row/,
  ],
  [
    'too few weights',
    () => accuracyScore([1, 0], [1, 0], { sampleWeight: [1] }),
    DataError,
    'data/length-mismatch',
    /sampleWeight has 1 .* 2/,
  ],
  [
    'too few output weights',
    () => meanSquaredError([[1, 2]], [[1, 2]], { multioutput: [1] }),
    OptionError,
    'option/invalid',
    /1 weights for 2 outputs/,
  ],
  [
    'varianceWeighted for an error',
    () => meanSquaredError([1], [1], { multioutput: 'varianceWeighted' as 'rawValues' }),
    OptionError,
    'option/invalid',
    /multioutput/,
  ],
  [
    'a logarithm below -1',
    () => meanSquaredLogError([1, -1], [1, 2]),
    DataError,
    'data/out-of-range',
    /truth row 1/,
  ],
  [
    'a gamma deviance of 0',
    () => meanGammaDeviance([1, 0], [1, 2]),
    DataError,
    'data/out-of-range',
    /truth row 1/,
  ],
  [
    'a power between 0 and 1',
    () => meanTweedieDeviance([1], [1], { power: 0.5 }),
    OptionError,
    'option/invalid',
    /power is 0.5/,
  ],
  [
    'labels of two types',
    () => accuracyScore<string | number>(['1', '0'], [1, 0]),
    DataError,
    'data/mixed-labels',
    /string .* number/,
  ],
  [
    'a missing label',
    () => accuracyScore(['a', null as unknown as string], ['a', 'b']),
    DataError,
    'data/missing-label',
    /row 1/,
  ],
  [
    'probabilities as labels',
    () => accuracyScore([0, 1], [0.2, 0.7]),
    DataError,
    'data/continuous-labels',
    /rocAucScore/,
  ],
  [
    'binary average of three classes',
    () => f1Score([0, 1, 2], [0, 1, 2]),
    OptionError,
    'option/invalid',
    /'macro'/,
  ],
  [
    'an unnamed positive class',
    () => f1Score(['ham', 'spam'], ['ham', 'spam']),
    OptionError,
    'option/positive-class',
    /positiveClass: 'spam'/,
  ],
  [
    'an unknown positive class',
    () => rocCurve(['ham', 'spam'], [0, 1], { positiveClass: 'egg' }),
    OptionError,
    'option/positive-class',
    /'egg'/,
  ],
  [
    'another zero division',
    () => f1Score([0, 1], [0, 1], { zeroDivision: 2 }),
    OptionError,
    'option/invalid',
    /zeroDivision/,
  ],
  [
    'an unknown average',
    () => f1Score([0, 1], [0, 1], { average: 'samples' as 'micro' }),
    OptionError,
    'option/invalid',
    /'macro'/,
  ],
  [
    'labels named twice',
    () => f1Score([0, 1], [0, 1], { average: 'macro', labels: [1, 1] }),
    OptionError,
    'option/invalid',
    /twice/,
  ],
  [
    'a probability above 1',
    () => brierScoreLoss([0, 1], [0.5, 1.5]),
    DataError,
    'data/probability-range',
    /row 1 is 1.5/,
  ],
  [
    'probabilities that do not sum to 1',
    () =>
      logLoss(
        [0, 1],
        [
          [0.5, 0.5],
          [0.5, 0.4],
        ],
      ),
    DataError,
    'data/probability-sum',
    /row 1 sums to 0.9/,
  ],
  [
    'a truth outside labels',
    () =>
      logLoss(
        ['a', 'c'],
        [
          [0.5, 0.5],
          [0.5, 0.5],
        ],
        { labels: ['a', 'b'] },
      ),
    DataError,
    'data/unknown-label',
    /row 1 is 'c'.*'a', 'b'/,
  ],
  [
    'columns that match no classes',
    () =>
      rocAucScore(
        [0, 1, 0],
        [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ],
      ),
    OptionError,
    'option/labels',
    /3 columns .* 2 classes/,
  ],
  [
    'one column for three classes',
    () => rocAucScore([0, 1, 2], [0, 1, 2]),
    OptionError,
    'option/labels',
    /one column/,
  ],
  [
    'an impossible maxFpr',
    () => rocAucScore([0, 1], [0, 1], { maxFpr: 0 }),
    OptionError,
    'option/invalid',
    /maxFpr is 0/,
  ],
];

for (const [name, call, Family, code, message] of wrong) {
  test(`${name} is refused with ${code}`, () => {
    assert.throws(call, (error: unknown) => {
      assert.ok(error instanceof Family);
      assert.equal(error.code, code);
      assert.match(error.message, message);
      return true;
    });
  });
}

test('float32 and integer arrays, rows and matrices are all accepted', () => {
  assert.equal(meanSquaredError(new Float32Array([1, 2]), new Int16Array([2, 2])), 0.5);
  const matrix = { rows: 2, columns: 1, data: new Float32Array([1, 2]) };
  assert.equal(meanSquaredError(matrix, [[2], [2]]), 0.5);
});
