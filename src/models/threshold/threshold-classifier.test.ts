import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { logisticRegression } from '../logistic-regression/logistic-regression.ts';
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
