import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { logisticRegression } from '../../models/logistic-regression/logistic-regression.ts';
import { ridge } from '../../models/ridge/ridge.ts';
import { assertClose } from '../close.fixture.ts';
import { learningCurve } from './learning-curve.ts';
import { validationCurve } from './validation-curve.ts';

const fixture = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/model_selection.json', import.meta.url), 'utf8'),
);
const x: number[][] = fixture.x;
const y: number[] = fixture.y;
const three: number[] = fixture.three;
// Both sides solve to rounding errors; scores are near 1.
const TOLERANCE = 1e-9;

function assertTable(actual: readonly Float64Array[], expected: number[][]): void {
  assert.equal(actual.length, expected.length);
  for (const [i, row] of actual.entries()) assertClose(row, expected[i], TOLERANCE);
}

test("a learning curve is scikit-learn's", async () => {
  const curve = await learningCurve(ridge(), x, y, { trainSizes: [0.2, 0.5, 1] });
  assert.deepEqual([...curve.trainSizes], fixture.learningCurve.sizes);
  assertTable(curve.testScores.r2, fixture.learningCurve.test);
  assertTable(curve.trainScores.r2, fixture.learningCurve.train);
  assert.deepEqual(
    curve.fitSeconds.map(({ length }) => length),
    [5, 5, 5],
  );
});

test('sizes may be counts, double ones are taken once, and rows may be drawn at random', async () => {
  const counted = await learningCurve(ridge(), x, y, { trainSizes: [24, 9, 24] });
  assert.deepEqual([...counted.trainSizes], [9, 24]);
  const drawn = await learningCurve(ridge(), x, y, { trainSizes: [9, 48], shuffle: true });
  assert.notDeepEqual(drawn.testScores.r2[0], counted.testScores.r2[0]);
  const whole = await learningCurve(ridge(), x, y, { trainSizes: [48] });
  // The same rows in another order: sums differ by rounding.
  assertClose(drawn.testScores.r2[1], whole.testScores.r2[0], 1e-12);
  await assert.rejects(learningCurve(ridge(), x, y, { trainSizes: [49] }), /from 1 to 48/);
  await assert.rejects(learningCurve(ridge(), x, y, { trainSizes: [0.01] }), /trainSizes holds 0.01/);
});

test("a validation curve is scikit-learn's", async () => {
  const specification = logisticRegression({ tol: 1e-12, maxIter: 1000, solver: 'newton-cholesky' });
  const { cs, train, test: expected } = fixture.validationCurve;
  const curve = await validationCurve(specification, x, three, { option: 'C', values: cs, cv: 3 });
  assertTable(curve.testScores.accuracy, expected);
  assertTable(curve.trainScores.accuracy, train);
  await assert.rejects(
    validationCurve(specification, x, three, { option: 'c', values: cs, cv: 3 }),
    /Did you mean 'C'/,
  );
});
