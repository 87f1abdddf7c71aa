import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HeddleError } from '../../core/errors.ts';
import { draw, treesFixture } from '../../math/trees/trees.fixture.ts';
import { ridge } from '../ridge/ridge.ts';
import { exportText } from '../tree-explanations/export-text.ts';
import { costComplexityPruningPath } from './cost-complexity-pruning-path.ts';
import { decisionTreeClassifier } from './decision-tree-classifier.ts';
import { decisionTreeRegressor } from './decision-tree-regressor.ts';
import type { TreeNodes } from './tree-attributes.ts';

/** Node numbers as scikit-learn gives them: a node, all that lies to its left, all that lies to its right. */
function preorder({ childrenLeft, childrenRight }: TreeNodes): number[] {
  const visit = (node: number): number[] =>
    childrenLeft[node]! < 0 ? [node] : [node, ...visit(childrenLeft[node]!), ...visit(childrenRight[node]!)];
  return visit(0);
}

function close(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string) {
  assert.equal(actual.length, expected.length, `length of ${what}`);
  for (let i = 0; i < expected.length; i++) {
    assert.ok(
      Math.abs(actual[i]! - expected[i]!) <= tolerance,
      `${what} ${i}: ${actual[i]} ≠ ${expected[i]}`,
    );
  }
}

for (const {
  name,
  kind,
  options,
  seed,
  rows,
  weighted,
  missing,
  nodes,
  ...reference
} of treesFixture.trees) {
  test(`the tree is scikit-learn's node for node: ${name}, ${kind}`, async () => {
    const { x, y, classes } = draw(seed, { rows, missing });
    const sampleWeight = weighted ? Array.from({ length: rows }, (_, i) => 0.5 + (i % 4)) : undefined;
    const model =
      kind === 'regressor'
        ? await decisionTreeRegressor.from(options).fit(x, y, { sampleWeight })
        : await decisionTreeClassifier.from(options).fit(x, classes, { sampleWeight });
    const order = preorder(model.tree);
    const { feature, threshold, nNodeSamples, impurity, value } = model.tree;
    assert.deepEqual(
      order.map((node) => feature[node]),
      nodes.feature,
    );
    assert.deepEqual(
      order.map((node) => nNodeSamples[node]),
      nodes.samples,
    );
    for (const [i, node] of order.entries()) {
      const wanted = nodes.threshold[i] ?? null;
      // The middle of two float32 numbers, rounded to 15 digits for the fixture; null is a leaf, or all that is not
      // missing.
      if (wanted === null) assert.ok(!Number.isFinite(threshold[node]));
      else assert.ok(Math.abs(threshold[node]! - wanted) < 1e-14, `threshold ${threshold[node]} ≠ ${wanted}`);
    }
    // Means of up to a thousand terms of order 1; scikit-learn takes the impurity as a difference of squares.
    close(
      order.map((node) => impurity[node]!),
      nodes.impurity,
      1e-12,
      'impurity',
    );
    close(
      order.flatMap((node) => Array.from(value.row(node))),
      nodes.value.flat(),
      1e-12,
      'value',
    );
    close(model.featureImportances, reference.importances, 1e-11, 'importance');
  });

  if (options.ccpAlpha !== undefined) continue;
  test(`the pruning path is scikit-learn's: ${name}, ${kind}`, async () => {
    const { x, y, classes } = draw(seed, { rows, missing });
    const sampleWeight = weighted ? Array.from({ length: rows }, (_, i) => 0.5 + (i % 4)) : undefined;
    const model =
      kind === 'regressor'
        ? await decisionTreeRegressor.from(options).fit(x, y, { sampleWeight })
        : await decisionTreeClassifier.from(options).fit(x, classes, { sampleWeight });
    const { ccpAlphas, impurities } = costComplexityPruningPath(model);
    // The tolerance.
    close(ccpAlphas, reference.ccpAlphas, 1e-12, 'alpha');
    close(impurities, reference.impurities, 1e-12, 'impurity');
  });
}

test("the text of a tree is scikit-learn's", async () => {
  const { x, classes } = draw(1, { rows: 1000 });
  const model = await decisionTreeClassifier({ maxDepth: 2 }).fit(
    x.toRows().map(([a, b, c, d, e]) => ({ a, b, c, d, e })),
    classes,
  );
  assert.equal(exportText(model), treesFixture.text);
  assert.match(
    exportText(model, { maxDepth: 0 }),
    /^\|--- b <= \d\.\d\d\n\| {3}\|--- truncated branch of depth 1\n/,
  );
});

test('text and pruning path are refused for other models', async () => {
  const model = await ridge().fit([[1], [2]], [1, 2]);
  for (const attempt of [() => exportText(model), () => costComplexityPruningPath(model)]) {
    assert.throws(
      attempt,
      (error: HeddleError) => error.code === 'model/no-method' && /ridge/.test(error.message),
    );
  }
});

test('a tree without bounds learns its rows by heart, and with pruning at a high price is a root', async () => {
  const { x, y, classes } = draw(3, { rows: 300 });
  const free = await decisionTreeClassifier().fit(x, classes);
  assert.deepEqual(await free.predict(x), classes);
  const pruned = await decisionTreeRegressor({ ccpAlpha: 10 }).fit(x, y);
  assert.deepEqual([pruned.nLeaves, pruned.depth], [1, 0]);
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  // One sum of 300 terms in another order.
  assert.ok(Math.abs(pruned.predictRow(x.row(0)) - mean) < 1e-12);
});

test('class weights count as sample weights', async () => {
  const { x, classes } = draw(4, { rows: 400 });
  const counts = [0, 1, 2].map((k) => classes.filter((c) => c === k).length);
  const byClass = counts.map((count) => classes.length / (3 * count));
  const options = { maxDepth: 4 } as const;
  const balanced = await decisionTreeClassifier({ ...options, classWeight: 'balanced' }).fit(x, classes);
  const weighted = await decisionTreeClassifier(options).fit(x, classes, {
    sampleWeight: classes.map((c) => byClass[c]!),
  });
  assert.deepEqual(balanced.state, weighted.state);
});

test('a share of rows or columns is counted like a number', async () => {
  const { x, y } = draw(5, { rows: 200 });
  const shares = { minSamplesLeaf: 0.05, minSamplesSplit: 0.2, maxFeatures: 0.4 };
  const numbers = { minSamplesLeaf: 10, minSamplesSplit: 40, maxFeatures: 2 };
  const [a, b] = [
    await decisionTreeRegressor(shares).fit(x, y),
    await decisionTreeRegressor(numbers).fit(x, y),
  ];
  assert.deepEqual(a.state, b.state);
  const root = await decisionTreeRegressor({ maxFeatures: 'sqrt', randomState: 2 }).fit(x, y);
  assert.notDeepEqual(a.state, root.state);
});

test('degenerate data are fitted: constant target, an all-missing column, more leaves asked for than rows', async () => {
  const constant = await decisionTreeRegressor().fit([[1], [2], [3]], [0.1, 0.1, 0.1]);
  assert.deepEqual([constant.nLeaves, constant.predictRow([5])], [1, 0.1]);
  const gap = await decisionTreeRegressor().fit(
    [
      [Number.NaN, 1],
      [Number.NaN, 2],
    ],
    [1, 2],
  );
  assert.deepEqual(
    Array.from(
      await gap.predict([
        [7, 1],
        [Number.NaN, 2],
      ]),
    ),
    [1, 2],
  );
  const few = await decisionTreeRegressor({ maxLeafNodes: 100 }).fit([[1], [2]], [1, 2]);
  assert.equal(few.nLeaves, 2);
});

test('bad input is refused: a negative count, no event at all, depth 0', async () => {
  const poisson = decisionTreeRegressor({ criterion: 'poisson' });
  await assert.rejects(poisson.fit([[1], [2]], [1, -2]), /-2 in row 1.*squaredError/);
  await assert.rejects(poisson.fit([[1], [2]], [0, 0]), /All targets y are 0/);
  assert.throws(() => decisionTreeRegressor({ maxDepth: 0 }), /maxDepth/);
});
