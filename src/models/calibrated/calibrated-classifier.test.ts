import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frame } from '../../core/frame.ts';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { pipeline } from '../../prepare/pipeline/pipeline.ts';
import { standardScaler } from '../../prepare/standard-scaler/standard-scaler.ts';
import { logisticRegression } from '../logistic-regression/logistic-regression.ts';
import { svmFixture } from '../support-vector/svm.fixture.ts';
import { svmClassifier } from '../support-vector/svm-classifier.ts';
import { calibratedClassifier } from './calibrated-classifier.ts';
import { fitIsotonic, isotonicValue } from './isotonic-calibration.ts';

for (const { data: name, method, ensemble, estimator, probabilities } of svmFixture.calibrated) {
  test(`probabilities are scikit-learn's: ${estimator} on ${name}, ${method}, ensemble ${ensemble}`, async () => {
    const { x, y } = svmFixture.data[name]!;
    const inner =
      estimator === 'svm-classifier'
        ? svmClassifier({ tol: 1e-10 })
        : logisticRegression({ tol: 1e-10, maxIter: 10_000 });
    const model = await calibratedClassifier({ estimator: inner, method, ensemble, cv: 3 }).fit(x, y);
    const found = await model.predictProba(x.slice(0, 20));
    // The peer's sigmoid ends where L-BFGS stops, at gradients of up to 1e-6 of its scaled loss; scores of machines
    // differ by float32 kernel values.
    const tolerance = method === 'sigmoid' ? 2e-4 : 1e-5;
    probabilities.forEach((value, i) => {
      assert.ok(Math.abs(found.data[i]! - value) <= tolerance, `cell ${i}: ${found.data[i]} ≠ ${value}`);
    });
  });
}

function noisy(rows: number) {
  const random = new RandomState(8);
  const x = new Matrix({ rows, columns: 2, data: random.fillNormal(new Float64Array(2 * rows)) });
  const chance = (i: number) => 1 / (1 + Math.exp(-3 * (x.at(i, 0) ** 2 - x.at(i, 1))));
  const y = Array.from({ length: rows }, (_, i) => (random.uniform() < chance(i) ? 'yes' : 'no'));
  return { x, y, chance };
}

test('calibrated probabilities are close to the true ones', async () => {
  const { x, y, chance } = noisy(900);
  for (const method of ['sigmoid', 'isotonic'] as const) {
    const model = await calibratedClassifier({ estimator: svmClassifier(), method, cv: 3 }).fit(x, y);
    const found = await model.predictProba(x);
    let error = 0;
    for (let i = 0; i < x.rows; i++) error += Math.abs(found.at(i, 1) - chance(i)) / x.rows;
    assert.ok(error < 0.12, `${method}: mean error ${error}`);
  }
});

test('a pipeline on named columns can be calibrated, and one row predicted at once', async () => {
  const { x, y } = noisy(120);
  const frame = Frame.fromMatrix(
    new Matrix({ ...x, rows: x.rows, columns: 2, data: x.data, names: ['a', 'b'] }),
  );
  const inner = pipeline(standardScaler(), svmClassifier());
  const model = await calibratedClassifier({ estimator: inner, cv: 2 }).fit(frame, y);
  const labels = await model.predict(frame);
  assert.equal(model.predictRow({ a: x.at(4, 0), b: x.at(4, 1) }), labels[4]);
  assert.equal(model.calibrators.length, 2);
  assert.equal(model.estimators[0]!.steps.svmClassifier.converged, true);
});

test('a splitter may be named, and must test each row once where one classifier is fitted', async () => {
  const { x, y } = noisy(60);
  const shuffled = { name: 'shuffleSplit', options: { nSplits: 2, testSize: 0.4 } };
  const model = await calibratedClassifier({ estimator: logisticRegression(), cv: shuffled }).fit(x, y);
  assert.equal(model.calibrators.length, 2);
  await assert.rejects(
    calibratedClassifier({ estimator: logisticRegression(), cv: shuffled, ensemble: false }).fit(x, y),
    { code: 'option/invalid', message: /ensemble true/ },
  );
  assert.throws(() => calibratedClassifier({ estimator: logisticRegression(), cv: { name: 'fold' } }), {
    code: 'option/unknown-splitter',
  });
});

test('a class that a fold cannot be fitted with is named, and scores of pairs are refused', async () => {
  const { x } = noisy(30);
  const y = Array.from({ length: 30 }, (_, i) => (i === 3 ? 'rare' : i % 2 === 0 ? 'a' : 'b'));
  await assert.rejects(calibratedClassifier({ estimator: logisticRegression(), cv: 3 }).fit(x, y), {
    message: /rare/,
  });
  const three = y.map((_, i) => 'abc'[i % 3]!);
  const pairs = svmClassifier({ decisionFunctionShape: 'ovo' });
  for (const estimator of [pairs, pipeline(standardScaler(), pairs)]) {
    await assert.rejects(calibratedClassifier({ estimator, cv: 2 }).fit(x, three), {
      message: /decisionFunctionShape to 'ovr'/,
    });
  }
});

test('pooling gives weighted means of what falls, and rows of equal score count as one', () => {
  const scores = Float64Array.of(1, 2, 3, 3, 4, 5);
  const positive = Uint8Array.of(0, 1, 0, 1, 1, 1);
  const found = fitIsotonic(scores, positive, Float64Array.of(1, 2, 1, 1, 1, 1));
  // 2 has mean 1 (weight 2), 3 has mean ½ (weight 2): pooled ¾.
  assert.deepEqual([...found.x], [1, 2, 3, 4, 5]);
  assert.deepEqual([...found.y], [0, 0.75, 0.75, 1, 1]);
  assert.equal(isotonicValue(found, 1.5), 0.375);
  assert.equal(isotonicValue(found, -9), 0);
  assert.equal(isotonicValue(found, 99), 1);
});
