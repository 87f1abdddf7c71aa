import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restoreModel } from '../../define/factory.ts';
import { draw } from '../../math/trees/trees.fixture.ts';
import type { BoostingState } from './boosting-attributes.ts';
import { customLoss, type LossDerivatives } from './custom-loss.ts';
import { gradientBoostingClassifier } from './gradient-boosting-classifier.ts';
import { gradientBoostingRegressor } from './gradient-boosting-regressor.ts';

const { x, y, classes } = draw(51, { rows: 1200, missing: 0.05 });
const sampleWeight = Array.from(y, (_, i) => 1 + (i % 3));
const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

const squares = customLoss({
  gradientHessian({ y: target, score, gradient, hessian }) {
    for (let i = 0; i < target.length; i++) {
      gradient[i] = score[i]! - target[i]!;
      hessian[i] = 1;
    }
  },
  loss: ({ y: target, score }) => target.map((value, i) => 0.5 * (value - score[i]!) ** 2),
  initial: (target) => mean(target),
});

test('a loss of the user gives the model that the built-in one gives, weights, early stopping and continuing included', async () => {
  const options = { nEstimators: 10, validationFraction: 0.2, nIterNoChange: 3 };
  const own = await gradientBoostingRegressor({ ...options, loss: squares }).fit(x, y, { threads: 2 });
  const built = await gradientBoostingRegressor(options).fit(x, y, { threads: 2 });
  for (const [i, value] of (await own.predict(x)).entries()) {
    // The mean is summed in another order.
    assert.ok(Math.abs(value - built.predictRow(x.row(i))) < 1e-6);
  }
  assert.ok(own.validationLoss.every((value, k) => Math.abs(value - built.validationLoss[k]!) < 1e-6));
  const zero = customLoss({ ...squares, initial: 0.5 });
  const half = await gradientBoostingRegressor({ nEstimators: 3, loss: zero }).fit(x, y, { sampleWeight });
  const whole = await gradientBoostingRegressor({ nEstimators: 6, loss: zero }).fit(x, y, { sampleWeight });
  const more = await gradientBoostingRegressor({ nEstimators: 3, loss: zero }).fit(x, y, {
    sampleWeight,
    from: half,
  });
  assert.deepEqual(more.state, whole.state);
});

test('losses of classes see one score, or one a class, and e^score turns a score into a prediction', async () => {
  const binary = classes.map((c) => Number(c > 0));
  const logistic = customLoss({
    gradientHessian({ y: target, score, gradient, hessian }) {
      for (let i = 0; i < target.length; i++) {
        const p = 1 / (1 + Math.exp(-score[i]!));
        gradient[i] = p - target[i]!;
        hessian[i] = p * (1 - p);
      }
    },
    initial: (target) => Math.log(mean(target) / (1 - mean(target))),
  });
  const agree = async (loss: typeof logistic, target: number[]) => {
    const own = await gradientBoostingClassifier({ nEstimators: 5, loss }).fit(x, target);
    const built = await gradientBoostingClassifier({ nEstimators: 5 }).fit(x, target);
    const [a, b] = [await own.predictProba(x), await built.predictProba(x)];
    // Exponentials of two sources, and gradients rounded to float32.
    for (const [i, value] of a.data.entries())
      assert.ok(Math.abs(value - b.data[i]!) < 1e-5, `${value} ${b.data[i]}`);
  };
  await agree(logistic, binary);
  const softmax = customLoss({
    gradientHessian({ y: target, score, gradient, hessian }) {
      for (let i = 0; i < target.length; i++) {
        const row = Array.from(score.subarray(3 * i, 3 * i + 3), Math.exp);
        const total = row.reduce((sum, e) => sum + e, 0);
        for (const [k, e] of row.entries()) {
          gradient[3 * i + k] = e / total - (target[i] === k ? 1 : 0);
          hessian[3 * i + k] = (e / total) * (1 - e / total);
        }
      }
    },
    initial: (target) => [0, 1, 2].map((k) => Math.log(target.filter((c) => c === k).length / target.length)),
  });
  await agree(softmax, classes);
  const poisson = customLoss({
    gradientHessian({ y: target, score, gradient, hessian }) {
      for (let i = 0; i < target.length; i++) {
        hessian[i] = Math.exp(score[i]!);
        gradient[i] = hessian[i]! - target[i]!;
      }
    },
    initial: (target) => Math.log(mean(target)),
    inverseLink: 'exp',
  });
  const counts = y.map((value) => Math.round(3 * value));
  const own = await gradientBoostingRegressor({ nEstimators: 5, loss: poisson }).fit(x, counts);
  const built = await gradientBoostingRegressor({ nEstimators: 5, loss: 'poisson' }).fit(x, counts);
  // As above.
  for (let i = 0; i < 50; i++)
    assert.ok(Math.abs(own.predictRow(x.row(i)) / built.predictRow(x.row(i)) - 1) < 1e-5);
});

test('metrics judge the held-out rows: by name, by a function, the greater the better where that is said', async () => {
  const options = { nEstimators: 200, learningRate: 0.3, validationFraction: 0.3, nIterNoChange: 6 } as const;
  const rmse = await gradientBoostingRegressor({ ...options, evalMetric: 'rootMeanSquaredError' }).fit(x, y);
  const squared = await gradientBoostingRegressor(options).fit(x, y);
  assert.equal(rmse.nIter, squared.nIter);
  const [a, b] = [rmse.validationLoss[3]!, squared.validationLoss[3]!];
  // The same sum, by a square and a root.
  assert.ok(Math.abs(a - Math.sqrt(2 * b)) < 1e-12);
  const binary = classes.map((c) => Number(c > 0));
  const seen: number[] = [];
  const model = await gradientBoostingClassifier({
    ...options,
    evalMetric: {
      evaluate({ y: truth, prediction }) {
        const share =
          truth.reduce((sum, c, i) => sum + Number(prediction[2 * i + 1]! > 0.5 === (c === 1)), 0) /
          truth.length;
        seen.push(share);
        return share;
      },
      greaterIsBetter: true,
    },
  }).fit(x, binary);
  assert.equal(model.nIter, seen.indexOf(Math.max(...seen)));
  const named = await gradientBoostingClassifier({ ...options, evalMetric: 'accuracy' }).fit(x, binary);
  assert.deepEqual(
    Array.from(named.validationLoss, (value) => -value),
    seen,
  );
  const auc = await gradientBoostingClassifier({ ...options, evalMetric: 'rocAuc' }).fit(x, binary);
  assert.ok(-auc.validationLoss[auc.nIter]! > 0.9);
});

test('rates may be a list, a course, or a function of the iteration, which goes on where a fit continues', async () => {
  const fit = (learningRate: unknown, nEstimators = 6, from?: object) =>
    gradientBoostingRegressor.from({ learningRate, nEstimators }).fit(x, y, { from: from as never });
  const list = await fit([0.3, 0.2, 0.1]);
  const called: number[] = [];
  const rate = (iteration: number) => {
    called.push(iteration);
    return [0.3, 0.2, 0.1][Math.min(2, iteration)]!;
  };
  assert.deepEqual((await fit(rate)).state, list.state);
  assert.deepEqual(called, [0, 1, 2, 3, 4, 5]);
  assert.deepEqual((await fit(rate, 3, await fit([0.3, 0.2, 0.1], 3))).state, list.state);
  const constant = await (await fit(0.1)).predict(x);
  for (const shape of ['linear', 'exponential', 'cosine']) {
    const flat = await fit({ shape, initial: 0.1, final: 0.1 });
    // A course from a tenth to a tenth, to rounding.
    for (const [i, value] of (await flat.predict(x)).entries())
      assert.ok(Math.abs(value - constant[i]!) < 1e-9);
  }
  await assert.rejects(
    fit(() => -1),
    { code: 'option/invalid', message: /gave -1 for iteration 0/ },
  );
  assert.throws(() => gradientBoostingRegressor.from({ learningRate: [] }), /learningRate/);
});

test('one-side sampling is repeatable, keeps sums right on average, and learns about as well', async () => {
  const options = { nEstimators: 60, sampling: 'goss' } as const;
  const error = async (settings: object) => {
    const model = await gradientBoostingRegressor.from({ nEstimators: 60, ...settings }).fit(x, y);
    const predicted = await model.predict(x);
    return mean(y.map((value, i) => (value - predicted[i]!) ** 2));
  };
  const [all, goss, few] = [
    await error({}),
    await error(options),
    await error({ sampling: 'uniform', subsample: 0.3 }),
  ];
  // 30% of the rows; those drawn alone are worse than those with the largest gradients.
  assert.ok(goss < 2 * all && goss < 1.1 * few, `${all} ${goss} ${few}`);
  const { trees } = (await gradientBoostingRegressor(options).fit(x, y)).state as BoostingState;
  for (const [tree, root] of trees.roots.entries()) {
    // 240 rows, and 120 of the others that count for 8 each, from the tenth tree on.
    assert.equal(trees.samples[root], tree < 10 ? 1200 : 360);
    assert.equal(trees.weight[root], 1200);
  }
  const one = await gradientBoostingClassifier(options).fit(x, classes, { threads: 1 });
  const two = await gradientBoostingClassifier(options).fit(x, classes, { threads: 2 });
  assert.deepEqual(one.state, two.state);
  await assert.rejects(gradientBoostingRegressor({ ...options, subsample: 0.5 }).fit(x, y), {
    code: 'option/conflict',
  });
});

test('what a loss or a metric gives is checked, and a saved model asks for its functions', async () => {
  const fit = (gradientHessian: (rows: LossDerivatives) => void, more = {}) =>
    gradientBoostingRegressor({ loss: customLoss({ gradientHessian, ...more }) }).fit(x, y);
  await assert.rejects(
    fit(({ gradient }) => void gradient.fill(Number.NaN)),
    { code: 'data/bad-loss', message: /NaN as gradient of row 0/ },
  );
  await assert.rejects(
    fit(({ hessian }) => void hessian.fill(-1)),
    { message: /hessian of row 0.*not negative/ },
  );
  await assert.rejects(
    fit(() => {}, { initial: () => [1, 2] }),
    { message: /initial has 2 numbers; it must have 1/ },
  );
  await assert.rejects(
    gradientBoostingRegressor({
      loss: customLoss({ gradientHessian: squares.gradientHessian }),
      validationFraction: 0.2,
    }).fit(x, y),
    { code: 'option/conflict', message: /evalMetric/ },
  );
  await assert.rejects(
    gradientBoostingRegressor({ evalMetric: () => Number.NaN, validationFraction: 0.2 }).fit(x, y),
    { code: 'data/bad-metric' },
  );
  await assert.rejects(gradientBoostingRegressor({ evalMetric: 'rocAuc' }).fit(x, y), {
    code: 'option/conflict',
  });
  assert.throws(() => gradientBoostingRegressor.from({ loss: { gradient: 1 } }), /squaredError.*customLoss/);
  const model = await gradientBoostingRegressor({ nEstimators: 2, loss: squares }).fit(x, y);
  const record = model.record();
  const resolve = () => gradientBoostingRegressor as never;
  await assert.rejects(restoreModel(record, resolve), {
    code: 'option/missing-function',
    message: /gradientHessian/,
  });
  const functions = { ...squares } as never;
  const back = (await restoreModel(record, resolve, functions)) as typeof model;
  assert.equal(back.predictRow(x.row(3)), model.predictRow(x.row(3)));
});
