import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { averagePrecisionScore, rocAucScore } from './areas.ts';
import { auc } from './auc.ts';
import { detCurve, precisionRecallCurve, rocCurve } from './curves.ts';

const row = fc.record({
  positive: fc.boolean(),
  score: fc.integer({ min: 0, max: 6 }),
  weight: fc.integer({ min: 1, max: 3 }),
});
const bothClasses = fc
  .array(row, { minLength: 2, maxLength: 60, size: 'max' })
  .filter((rows) => new Set(rows.map(({ positive }) => positive)).size === 2);

test('the ROC area is the probability that a positive row scores above a negative one, ties counting half', () => {
  fc.assert(
    fc.property(bothClasses, (rows) => {
      let won = 0;
      let pairs = 0;
      for (const a of rows.filter(({ positive }) => positive)) {
        for (const b of rows.filter(({ positive }) => !positive)) {
          const weight = a.weight * b.weight;
          pairs += weight;
          won += weight * (a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0);
        }
      }
      const area = rocAucScore(
        rows.map(({ positive }) => positive),
        rows.map(({ score }) => score),
        { sampleWeight: rows.map(({ weight }) => weight) },
      );
      // At most 60 trapezoids of size below 1, each rounded to 2⁻⁵³.
      assert.ok(Math.abs(area - won / pairs) < 1e-13);
    }),
  );
});

test('dropping intermediate points leaves the area unchanged', () => {
  fc.assert(
    fc.property(bothClasses, (rows) => {
      const truth = rows.map(({ positive }) => positive);
      const score = rows.map((one) => one.score);
      const full = rocCurve(truth, score, { dropIntermediate: false });
      const dropped = rocCurve(truth, score);
      assert.ok(dropped.fpr.length <= full.fpr.length);
      assert.ok(Math.abs(auc(full.fpr, full.tpr) - auc(dropped.fpr, dropped.tpr)) < 1e-13);
    }),
  );
});

test('figures that are undefined for a single class are NaN', () => {
  assert.equal(rocAucScore([1, 1], [0.2, 0.7]), NaN);
  assert.equal(rocAucScore([0, 0], [0.2, 0.7]), NaN);
  assert.equal(averagePrecisionScore([0, 0], [0.2, 0.7]), NaN);
  assert.ok(rocCurve([0, 0], [0.2, 0.7]).tpr.every(Number.isNaN));
  assert.ok(detCurve([1, 1], [0.2, 0.7]).fpr.every(Number.isNaN));
  assert.ok(detCurve([0, 0], [0.2, 0.7]).fnr.every(Number.isNaN));
  assert.deepEqual([...precisionRecallCurve([0, 0], [0.2, 0.7]).recall], [1, 1, 0]);
});

test('a table of two columns gives the area of its second column', () => {
  const truth = ['no', 'yes', 'yes', 'no'];
  const second = [0.1, 0.4, 0.8, 0.5];
  const table = second.map((p) => [1 - p, p]);
  assert.equal(rocAucScore(truth, table), rocAucScore(truth, second));
  assert.equal(rocAucScore(truth, table, { positiveClass: 'no' }), rocAucScore(truth, second));
});

test('an area needs two points and an x that does not turn back', () => {
  assert.throws(() => auc([1], [1]), /at least 2 points/);
  assert.throws(() => auc([0, 1, 0.5], [0, 1, 1]), /turns back at point 2/);
});
