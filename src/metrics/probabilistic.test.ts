import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brierScoreLoss, logLoss } from './probabilistic.ts';

test('labels give the order of the columns', () => {
  const truth = ['猫', '狗', '猫'];
  const loss = logLoss(
    truth,
    [
      [0.9, 0.1],
      [0.2, 0.8],
      [0.6, 0.4],
    ],
    { labels: ['猫', '狗'] },
  );
  const expected = -(Math.log(0.9) + Math.log(0.8) + Math.log(0.6)) / 3;
  assert.ok(Math.abs(loss - expected) < 1e-15); // three logarithms below 1
});

test('a single column belongs to the positive class, also when the truth holds one class only', () => {
  assert.equal(logLoss([1, 1], [0.5, 0.5]), Math.LN2);
  assert.equal(logLoss([true, true], [0.5, 0.5]), Math.LN2);
  assert.equal(brierScoreLoss(['no', 'no'], [0.5, 0.5], { positiveClass: 'yes' }), 0.25);
  assert.equal(brierScoreLoss([0, 0], [1, 1], { positiveClass: 0 }), 0);
});

test('a certain mistake costs -ln of the rounding step of the numbers given', () => {
  assert.equal(logLoss([1], [0]), 52 * Math.LN2);
  assert.equal(logLoss([1], new Float32Array([0])), 23 * Math.LN2);
  assert.equal(
    logLoss([1], { rows: 1, columns: 2, data: new Float32Array([1, 0]) }, { labels: [0, 1] }),
    23 * Math.LN2,
  );
});

test('a truth of one class without labels says that they are needed', () => {
  assert.throws(
    () =>
      logLoss(
        ['a', 'a'],
        [
          [1, 0],
          [1, 0],
        ],
      ),
    { code: 'option/labels' },
  );
});
