import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draw, treesFixture } from '../../math/trees/trees.fixture.ts';
import type { Trees } from '../../math/trees/trees.ts';
import { r2Score } from '../../metrics/index.ts';
import { randomForestClassifier } from './random-forest-classifier.ts';
import { randomForestRegressor } from './random-forest-regressor.ts';

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

for (const { kind, scores } of treesFixture.forests) {
  test(`test scores are scikit-learn's but for the draws: ${kind}`, async () => {
    const ours: number[] = [];
    for (let seed = 0; seed < scores.length; seed++) {
      const { x, y, classes } = draw(100 + seed, { rows: 1000 });
      const rows = Array.from({ length: 1000 }, (_, i) => i);
      const [train, held] = [x.take(rows.slice(0, 500)), x.take(rows.slice(500))];
      const options = { nEstimators: 50, randomState: seed };
      if (kind === 'regressor') {
        const model = await randomForestRegressor(options).fit(train, y.slice(0, 500));
        ours.push(r2Score(y.slice(500), await model.predict(held)));
      } else {
        const model = await randomForestClassifier(options).fit(train, classes.slice(0, 500));
        const predicted = await model.predict(held);
        ours.push(mean(predicted.map((label, i) => Number(label === classes[500 + i]))));
      }
    }
    // The margin of 0.6 points over 10 seeds.
    assert.ok(Math.abs(mean(ours) - mean(scores)) < 0.006, `${mean(ours)} against ${mean(scores)}`);
  });
}

test('the same forest on any number of threads', async () => {
  const { x, y, classes } = draw(21, { rows: 6000, missing: 0.05 });
  const sampleWeight = Array.from({ length: 6000 }, (_, i) => i % 3);
  const options = { nEstimators: 7, oobScore: true, minSamplesLeaf: 3 };
  const states = [];
  for (const threads of [1, 2, 3]) {
    const regressor = await randomForestRegressor({ ...options, maxFeatures: 0.5 }).fit(x, y, {
      threads,
      sampleWeight,
    });
    const classifier = await randomForestClassifier({ ...options, criterion: 'entropy' }).fit(x, classes, {
      threads,
    });
    states.push([regressor.state, classifier.state, await classifier.predictProba(x, { threads })]);
  }
  for (const other of states.slice(1)) assert.deepEqual(other, states[0]);
});

test('the out-of-bag score tells the accuracy on new rows', async () => {
  const { x, classes, y } = draw(22, { rows: 3000 });
  const rows = Array.from({ length: 3000 }, (_, i) => i);
  const [train, held] = [x.take(rows.slice(0, 1500)), x.take(rows.slice(1500))];
  const classifier = await randomForestClassifier({ oobScore: true }).fit(train, classes.slice(0, 1500));
  const right = mean((await classifier.predict(held)).map((label, i) => Number(label === classes[1500 + i])));
  // Two standard errors of an accuracy near 0.9 over 1500 rows.
  assert.ok(Math.abs(classifier.oobScore! - right) < 0.02, `${classifier.oobScore} against ${right}`);
  for (let i = 0; i < 1500; i++) {
    assert.ok(Math.abs(classifier.oobDecisionFunction.row(i).reduce((sum, p) => sum + p, 0) - 1) < 1e-12);
  }
  const regressor = await randomForestRegressor({ oobScore: true, nEstimators: 50 }).fit(
    train,
    y.slice(0, 1500),
  );
  const r2 = r2Score(y.slice(1500), await regressor.predict(held));
  assert.ok(Math.abs(regressor.oobScore! - r2) < 0.02, `${regressor.oobScore} against ${r2}`);
});

test('without bootstrap and with all columns every tree is the same, and it is the decision tree', async () => {
  const { x, y } = draw(23, { rows: 300 });
  const forest = await randomForestRegressor({ bootstrap: false, nEstimators: 3 }).fit(x, y);
  // The middle of three equal predictions is off by the rounding of their sum.
  const predicted = await forest.predict(x);
  for (let i = 0; i < 300; i++) assert.ok(Math.abs(predicted[i]! - y[i]!) < 1e-12);
  assert.equal(forest.oobScore, null);
});

test('maxSamples bounds the rows of a tree, as a number and as a share', async () => {
  const { x, y } = draw(24, { rows: 400 });
  for (const maxSamples of [40, 0.1]) {
    const { state } = await randomForestRegressor({ nEstimators: 5, maxSamples }).fit(x, y);
    const { roots, samples, weight } = (state as { readonly trees: Trees }).trees;
    for (const root of roots) {
      assert.ok(samples[root]! <= 40);
      assert.equal(weight[root], 40);
    }
  }
});

test('class weights make a rare class likelier', async () => {
  const { x, y } = draw(25, { rows: 800 });
  const rare = Array.from(y, (value) => (value > 1.9 ? 'rare' : 'usual'));
  const found = async (classWeight: 'balanced' | 'balancedSubsample' | null) => {
    const model = await randomForestClassifier({ classWeight, maxDepth: 3, nEstimators: 30 }).fit(x, rare);
    const probabilities = await model.predictProba(x);
    return mean(Array.from(probabilities.column(0)));
  };
  const plain = await found(null);
  for (const weights of ['balanced', 'balancedSubsample'] as const)
    assert.ok((await found(weights)) > plain + 0.05);
});

test('options that need bootstrap are refused without it', () => {
  assert.throws(
    () => randomForestRegressor({ bootstrap: false, oobScore: true }),
    /oobScore needs bootstrap/,
  );
  assert.throws(
    () => randomForestClassifier({ bootstrap: false, maxSamples: 5 }),
    /maxSamples needs bootstrap/,
  );
});

test('a forest stops between nodes when told to', async () => {
  const { x, y } = draw(26, { rows: 20_000, columns: 10 });
  const controller = new AbortController();
  const fit = randomForestRegressor({ nEstimators: 2000 }).fit(x, y, {
    threads: 2,
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  await assert.rejects(fit, { code: 'job/aborted' });
});
