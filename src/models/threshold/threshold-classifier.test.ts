import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { exportOnnx } from '../../tensor/onnx/export-onnx.ts';
import { openOnnxSession } from '../../tensor/onnx/onnx-session.ts';
import { tableFeeds } from '../../tensor/onnx/table-feeds.ts';
import { kNeighborsClassifier } from '../k-neighbors/k-neighbors-classifier.ts';
import { logisticRegression } from '../logistic-regression/logistic-regression.ts';
import { svmClassifier } from '../support-vector/svm-classifier.ts';
import { thresholdClassifier } from './threshold-classifier.ts';

interface Tuned {
  readonly data: string;
  readonly positive: number;
  readonly options: {
    readonly scoring: string;
    readonly response_method?: string;
    readonly thresholds?: number | number[];
    readonly cv?: number;
    readonly refit?: boolean;
    readonly random_state?: number;
  };
  readonly bestThreshold: number;
  readonly bestScore: number;
  readonly thresholds: number[];
  readonly scores: number[];
  readonly predictions: string;
}

interface Fixed extends Pick<Tuned, 'data' | 'positive' | 'predictions'> {
  readonly threshold: number;
  readonly responseMethod: string;
}

const fixture: {
  readonly data: Readonly<Record<string, { readonly x: number[][]; readonly y: number[] }>>;
  readonly tuned: Tuned[];
  readonly fixed: Fixed[];
} = JSON.parse(readFileSync(new URL('../../../parity/fixtures/thresholds.json', import.meta.url), 'utf8'));

const scorings: Readonly<Record<string, string>> = {
  accuracy: 'accuracy',
  balanced_accuracy: 'balancedAccuracy',
  f1: 'f1Positive',
  kappa: 'cohenKappa',
};
const methods = {
  predict_proba: 'predictProba',
  decision_function: 'decisionFunction',
} as const;
const methodOf = (name: string | undefined) =>
  name === undefined ? 'auto' : methods[name as keyof typeof methods];
const estimator = logisticRegression({ tol: 1e-10, maxIter: 10_000 });

function assertNear(found: ArrayLike<number>, expected: readonly number[], what: string): void {
  assert.equal(found.length, expected.length, what);
  // Both logistic regressions converge to about 1e-8 in their coefficients; the metrics are counts of the same rows.
  for (const [i, value] of expected.entries())
    assert.ok(
      Math.abs(found[i] - value) <= 1e-6 * (1 + Math.abs(value)),
      `${what} ${i}: ${found[i]} ≠ ${value}`,
    );
}

for (const { data: name, options, positive, ...expected } of fixture.tuned) {
  test(`the tuned threshold is scikit-learn's: ${name}, class ${positive}, ${JSON.stringify(options)}`, async () => {
    const { x, y } = fixture.data[name];
    const { thresholds, cv, refit, random_state: randomState } = options;
    const model = await thresholdClassifier({
      ...{ estimator, thresholds, cv, refit, randomState },
      scoring: scorings[options.scoring],
      responseMethod: methodOf(options.response_method),
      positiveClass: positive,
    } as never).fit(x, y);
    assertNear(model.cvResults!.thresholds, expected.thresholds, 'threshold');
    assertNear(model.cvResults!.scores, expected.scores, 'score');
    assertNear([model.bestThreshold, model.bestScore!], [expected.bestThreshold, expected.bestScore], 'best');
    assert.equal((await model.predict(x)).join(''), expected.predictions);
  });
}

for (const { data: name, threshold, responseMethod, positive, predictions } of fixture.fixed) {
  test(`a given threshold predicts as scikit-learn's: ${name}, ${responseMethod} ${threshold}, class ${positive}`, async () => {
    const { x, y } = fixture.data[name];
    const model = await thresholdClassifier({
      ...{ estimator, threshold, positiveClass: positive, responseMethod: methodOf(responseMethod) },
    }).fit(x, y);
    assert.equal((await model.predict(x)).join(''), predictions);
    assert.deepEqual([model.bestThreshold, model.bestScore, model.cvResults], [threshold, null, null]);
  });
}

const uneven = fixture.data.uneven;
const names = uneven.y.map((label) => (label === 1 ? 'bad' : 'good'));

test('a function weighs what mistakes cost, and the threshold follows', async () => {
  const cost = (miss: number, alarm: number) => (truth: readonly unknown[], found: readonly unknown[]) =>
    -truth.reduce<number>((sum, label, i) => {
      if (label === found[i]) return sum;
      return sum + (label === 'bad' ? miss : alarm);
    }, 0);
  const tuned = (scoring: ReturnType<typeof cost>) =>
    thresholdClassifier({ estimator, scoring, positiveClass: 'bad' }).fit(uneven.x, names);
  const [careful, calm] = [await tuned(cost(10, 1)), await tuned(cost(1, 10))];
  assert.ok(careful.bestThreshold < 0.3 && calm.bestThreshold > 0.6);
  // The best of the curve, which a loop over it finds too.
  const { thresholds, scores } = careful.cvResults!;
  assert.equal(careful.bestScore, Math.max(...scores));
  assert.equal(careful.bestThreshold, thresholds[scores.indexOf(careful.bestScore!)]);
});

test('probabilities stay those of the classifier, and a row is predicted at once as among others', async () => {
  const model = await thresholdClassifier({ estimator, threshold: 0.15, positiveClass: 'bad' }).fit(
    uneven.x,
    names,
  );
  const plain = await estimator.fit(uneven.x, names);
  const probabilities = await model.predictProba(uneven.x);
  assert.deepEqual(probabilities, await plain.predictProba(uneven.x));
  assert.deepEqual(await model.decisionFunction(uneven.x), await plain.decisionFunction(uneven.x));
  const labels = await model.predict(uneven.x);
  for (const [i, label] of labels.entries()) {
    assert.equal(label, probabilities.at(i, 0) >= 0.15 ? 'bad' : 'good');
    assert.equal(model.predictRow(uneven.x[i]), label);
  }
  assert.deepEqual(model.estimator.coef, plain.coef);
});

for (const responseMethod of ['predictProba', 'decisionFunction'] as const) {
  test(`ONNX Runtime cuts at the threshold for the first class too: ${responseMethod}`, async () => {
    const options = { estimator, threshold: 0.1, responseMethod, positiveClass: 'bad' };
    const model = await thresholdClassifier(options).fit(uneven.x, names);
    const { bytes, inputs } = await exportOnnx(model);
    const session = await openOnnxSession(bytes);
    const { label } = await session.run(tableFeeds(inputs, Matrix.fromRows(uneven.x)));
    assert.deepEqual([...(label.data as readonly string[])], await model.predict(uneven.x));
  });
}

test('groups stay whole, in folds and in rows set aside', async () => {
  // Rows of a group are all alike, so that a model that saw one of them knows the labels of the others.
  const random = new RandomState(3);
  const kinds = Array.from({ length: 20 }, () => ({
    at: [random.standardNormal(), random.standardNormal()],
    label: random.uniform() < 0.5 ? 'no' : 'yes',
  }));
  const groups = Array.from({ length: 160 }, (_, i) => i % 20);
  const x = groups.map((group) => kinds[group].at);
  const y = groups.map((group) => kinds[group].label);
  const memory = kNeighborsClassifier({ nNeighbors: 1 });
  for (const cv of [4, 0.4]) {
    const model = thresholdClassifier({ estimator: memory, scoring: 'accuracy', cv });
    assert.equal((await model.fit(x, y)).bestScore, 1, 'rows of a group on both sides');
    assert.ok((await model.fit(x, y, { groups })).bestScore! < 1);
  }
});

test('scores that are all alike leave the threshold as it is, with a warning', async () => {
  const x = uneven.x.map(() => [1]);
  const warnings: string[] = [];
  const model = await thresholdClassifier({ estimator }).fit(x, names, {
    onWarning: ({ code }) => warnings.push(code),
  });
  assert.deepEqual([model.bestThreshold, model.bestScore, warnings], [0.5, null, ['threshold/equal-scores']]);
});

test('more classes, unknown classes, other metrics and unfit divisions are refused', async () => {
  const fit = (options: object, y: readonly (string | number)[] = names) =>
    thresholdClassifier.from({ estimator, ...options }).fit(uneven.x, y);
  await assert.rejects(
    fit(
      {},
      names.map((_, i) => 'abc'[i % 3]),
    ),
    {
      code: 'data/not-two-classes',
      message: /y holds 3/,
    },
  );
  await assert.rejects(fit({ positiveClass: 'worse' }), { code: 'option/invalid', message: /worse/ });
  await assert.rejects(fit({ refit: false }), /cv gives 5/);
  assert.throws(() => thresholdClassifier({ estimator, scoring: 'rocAuc' }), /no threshold changes it/);
  assert.throws(() => thresholdClassifier({ estimator, scoring: 'r2' }), /not regression|regression/);
  assert.throws(
    () => thresholdClassifier({ estimator: svmClassifier(), responseMethod: 'predictProba' }),
    /svm-classifier has no predictProba/,
  );
});
