import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boostingFixture, drawCategories } from './boosting.fixture.ts';
import { gradientBoostingClassifier } from './gradient-boosting-classifier.ts';
import { gradientBoostingRegressor } from './gradient-boosting-regressor.ts';

for (const { name, peer, kind, options, seed, levels, missing, predicted } of boostingFixture.cases) {
  const { x, y, classes } = drawCategories(seed, levels, missing);

  test(`predictions are those of ${peer} with the same settings: ${name}, ${kind}`, async () => {
    const numbers =
      kind === 'regressor'
        ? await (await gradientBoostingRegressor.from(options).fit(x, y)).predict(x)
        : (await (await gradientBoostingClassifier.from(options).fit(x, classes)).predictProba(x)).column(1);
    for (const [i, wanted] of predicted.entries()) {
      // Both sides sum gradients that were rounded to float32 (6e-8), over 12 trees.
      assert.ok(Math.abs(numbers[i]! - wanted) <= 2e-6, `row ${i}: ${numbers[i]} ≠ ${wanted}`);
    }
  });
}
