import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { linearSvmClassifier } from './linear-svm-classifier.ts';
import { linearSvmRegressor } from './linear-svm-regressor.ts';
import { ourOptions, svmFixture } from './svm.fixture.ts';

const { data, targets, linearClassifiers, linearRegressors } = svmFixture;

interface Loss {
  readonly C?: number;
  readonly loss?: string;
  readonly interceptScaling?: number;
}

function objectiveOf(
  { C = 1, interceptScaling = 1, loss = '' }: Loss,
  coef: ArrayLike<number>,
  intercept: number,
  errors: readonly number[],
  weight: (i: number) => number,
): number {
  let sum = 0.5 * (intercept / interceptScaling) ** 2;
  for (let j = 0; j < coef.length; j++) sum += 0.5 * coef[j]! ** 2;
  errors.forEach((error, i) => {
    const excess = Math.max(error, 0);
    sum += C * weight(i) * (loss.startsWith('squared') ? excess * excess : excess);
  });
  return sum;
}

const margin = (row: readonly number[], coef: ArrayLike<number>, intercept: number) =>
  row.reduce((sum, value, j) => sum + value * coef[j]!, intercept);

/**
 * At a tight setting within 1e-9 of the peer's objective; at the defaults no worse than the peer's defaults. Dual
 * coordinate descent stops by `tol` in the projected gradients, wherever its order of rows has led it: both sides are
 * within 1e-3 of the minimum then.
 */
function assertObjective(
  actual: number,
  wanted: number,
  setting: 'tight' | 'default',
  smooth: boolean,
): void {
  const slack = setting === 'tight' ? 1e-9 : smooth ? 0 : 1e-3;
  assert.ok(actual <= wanted * (1 + slack) + 1e-12, `${actual} > ${wanted}`);
  if (setting === 'tight') assert.ok(actual >= wanted * (1 - slack), `${actual} < ${wanted}`);
}

for (const { data: name, options, objectives, labels, coef } of linearClassifiers) {
  test(`a linear classifier reaches LinearSVC's objective on ${name}, ${JSON.stringify(options)}`, async () => {
    const { x, y } = data[name]!;
    const given = ourOptions(options);
    const model = await linearSvmClassifier.from(given).fit(x, y, { onWarning: () => {} });
    const { classes } = model;
    const setting = 'tol' in options ? 'tight' : 'default';
    const isBalanced = given.classWeight === 'balanced';
    const counts = new Map(classes.map((label) => [label, y.filter((other) => other === label).length]));
    const positives = classes.length === 2 ? classes.slice(1) : classes;
    positives.forEach((positive, k) => {
      const weight = (i: number) =>
        isBalanced && (classes.length === 2 || y[i] === positive)
          ? y.length / (classes.length * counts.get(y[i]!)!)
          : 1;
      const w = model.coef.row(k);
      const b = model.intercept[k]!;
      const errors = x.map((row, i) => 1 - (y[i] === positive ? 1 : -1) * margin(row, w, b));
      const objective = objectiveOf({ loss: 'squaredHinge', ...given }, w, b, errors, weight);
      assertObjective(objective, objectives[k]!, setting, given.loss !== 'hinge');
    });
    const predicted = await model.predict(x);
    const equal = predicted.filter((label, i) => label === labels[i]).length;
    assert.ok(equal >= (setting === 'tight' ? y.length : 0.97 * y.length), `${equal} of ${y.length} labels`);
    if (setting === 'default') return;
    // The objective is flat at its minimum: 1e-9 of it leaves about 1e-4 to the coefficients.
    coef.forEach((value, j) => {
      assert.ok(Math.abs(model.coef.at(0, j) - value) <= 2e-4 * (1 + Math.abs(value)));
    });
  });
}

for (const { data: name, options, objective: wanted } of linearRegressors) {
  test(`a linear regressor reaches LinearSVR's objective on ${name}, ${JSON.stringify(options)}`, async () => {
    const { x } = data[name]!;
    const y = targets[name]!;
    const given = ourOptions(options);
    const model = await linearSvmRegressor.from(given).fit(x, y, { onWarning: () => {} });
    const { epsilon = 0 } = options as { epsilon?: number };
    const errors = x.map((row, i) => Math.abs(y[i]! - margin(row, model.coef, model.intercept)) - epsilon);
    const objective = objectiveOf(
      { loss: 'epsilonInsensitive', ...given },
      model.coef,
      model.intercept,
      errors,
      () => 1,
    );
    assertObjective(objective, wanted, 'tol' in options ? 'tight' : 'default', options.loss !== undefined);
  });
}

test('Newton, L-BFGS and dual coordinate descent meet', async () => {
  const random = new RandomState(5);
  const x = new Matrix({ rows: 200, columns: 600, data: random.fillNormal(new Float64Array(200 * 600)) });
  const y = Array.from({ length: 200 }, (_, i) => (x.at(i, 0) + random.standardNormal() > 0 ? 'b' : 'a'));
  const narrow = x.toRows().map((row) => row.slice(0, 20));
  const fit = (rows: number[][] | Matrix, dual: boolean) =>
    linearSvmClassifier({ tol: 1e-9, maxIter: 20_000, C: 0.05, dual }).fit(rows, y);
  for (const rows of [narrow, x]) {
    const [primal, dual] = [await fit(rows, false), await fit(rows, true)];
    for (let j = 0; j < primal.coef.columns; j++) {
      assert.ok(Math.abs(primal.coef.at(0, j) - dual.coef.at(0, j)) < 1e-6);
    }
  }
});

test('the same bits come from any number of threads', async () => {
  const random = new RandomState(6);
  const x = new Matrix({ rows: 6000, columns: 40, data: random.fillNormal(new Float64Array(240_000)) });
  const y = Array.from({ length: 6000 }, (_, i) => x.at(i, 0) + random.standardNormal() > 0);
  const states = await Promise.all(
    [1, 2, 3].map(async (threads) => (await linearSvmClassifier().fit(x, y, { threads })).state),
  );
  for (const other of states.slice(1)) assert.deepEqual(other, states[0]);
});

test('many classes are fitted one against the rest, where pairs would be too many', async () => {
  const x = Array.from({ length: 1400 }, (_, i) => [i % 700, Math.sin(i), Math.cos(i)]);
  const y = Array.from({ length: 1400 }, (_, i) => `class ${i % 700}`);
  const model = await linearSvmClassifier({ tol: 0.1 }).fit(x, y);
  assert.equal(model.coef.rows, 700);
});

test('a loss that is not smooth has no primal form, and a fit that stops early says so', async () => {
  assert.throws(() => linearSvmClassifier({ loss: 'hinge', dual: false }), {
    message: /'hinge' is not smooth/,
  });
  assert.throws(() => linearSvmRegressor({ dual: false }), { code: 'option/invalid' });
  assert.throws(() => linearSvmClassifier({ C: 0 }), { code: 'option/invalid' });
  const { x, y } = data.cancer!;
  const model = await linearSvmClassifier({ loss: 'hinge', maxIter: 2 }).fit(x, y, { onWarning: () => {} });
  assert.equal(model.converged, false);
  assert.match(model.summary.warnings[0]!, /2 rounds/);
});
