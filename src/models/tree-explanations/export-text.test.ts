import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draw } from '../../math/trees/trees.fixture.ts';
import { treeOf } from '../../math/trees/trees.ts';
import { decisionTreeClassifier } from '../decision-tree/decision-tree-classifier.ts';
import { gradientBoostingRegressor } from '../gradient-boosting/gradient-boosting-regressor.ts';
import { randomForestClassifier } from '../random-forest/random-forest-classifier.ts';
import { exportText } from './export-text.ts';

test('each tree of a forest has the text that it has alone', async () => {
  const { x, classes } = draw(70, { rows: 200 });
  const forest = await randomForestClassifier({ nEstimators: 3, maxDepth: 3 }).fit(x, classes);
  const alone = await decisionTreeClassifier({ maxDepth: 3 }).fit(x, classes);
  const texts = [0, 1, 2].map((tree) => exportText(forest, { tree }));
  assert.equal(new Set(texts).size, 3);
  for (const [tree, text] of texts.entries()) {
    const trees = treeOf((forest.state as never as { trees: never }).trees, tree);
    assert.equal(exportText({ ...alone, state: { trees } } as never), text);
    assert.equal(text.match(/class: /g)?.length, trees.left.filter((node, i) => node === i).length);
  }
  assert.throws(() => exportText(forest, { tree: 3 }), {
    code: 'option/invalid',
    message: /from 0 to 2, not 3/,
  });
});

test('a leaf of boosting tells what it adds', async () => {
  const model = await gradientBoostingRegressor({ nEstimators: 2, minSamplesLeaf: 1, learningRate: 0.5 }).fit(
    [[1], [2]],
    [0, 8],
  );
  assert.equal(
    exportText(model, { tree: 1 }),
    '|--- feature_0 <= 1.50\n|   |--- value: [-1.00]\n|--- feature_0 >  1.50\n|   |--- value: [1.00]\n',
  );
});
