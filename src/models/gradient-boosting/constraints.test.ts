import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Frame } from '../../core/frame.ts';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { isLeaf, type Trees } from '../../math/trees/trees.ts';
import { drawCategories } from './boosting.fixture.ts';
import type { BoostingState } from './boosting-attributes.ts';
import { gradientBoostingClassifier } from './gradient-boosting-classifier.ts';
import { gradientBoostingRegressor } from './gradient-boosting-regressor.ts';

/** A target that goes up and down with each of three columns, with noise and gaps. */
function wavyData(seed: number) {
  const random = new RandomState(seed);
  const x = Matrix.zeros(400, 3);
  const y = new Float64Array(400);
  for (let i = 0; i < 400; i++) {
    const row = [random.uniform(), random.uniform(), random.uniform()];
    y[i] = Math.sin(9 * row[0]!) + Math.cos(7 * row[1]!) * row[2]! + 0.3 * random.standardNormal();
    x.setRow(
      i,
      row.map((value) => (random.uniform() < 0.05 ? Number.NaN : value)),
    );
  }
  return { x, y, random };
}

for (const loss of ['squaredError', 'absoluteError', 'poisson'] as const) {
  test(`predictions go one way with a monotonic column, whatever the others are: ${loss}`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1000),
        fc.constantFrom(-1, 1),
        fc.constantFrom(0, 2),
        async (seed, first, l1) => {
          const { x, y, random } = wavyData(seed);
          const model = await gradientBoostingRegressor({
            ...{ loss, nEstimators: 12, maxLeafNodes: 10, minSamplesLeaf: 3, l1Regularization: l1 },
            monotonicCst: [first, 0, -first] as (1 | -1 | 0)[],
          }).fit(x, loss === 'poisson' ? y.map((value) => Math.max(0, Math.round(value + 1))) : y);
          for (let k = 0; k < 10; k++) {
            const [a, b] = [random.uniform(), random.uniform()];
            const steps = Array.from({ length: 25 }, (_, i) => i / 24);
            const along = (row: (step: number) => number[]) =>
              steps.map((step) => model.predictRow(row(step)));
            for (const [i, value] of along((step) => [step, a, b]).entries())
              assert.ok(i === 0 || first * (value - model.predictRow([steps[i - 1]!, a, b])) >= 0);
            for (const [i, value] of along((step) => [a, b, step]).entries())
              assert.ok(i === 0 || first * (value - model.predictRow([a, b, steps[i - 1]!])) <= 0);
          }
        },
      ),
      { numRuns: 8 },
    );
  });
}

/** For each way from root to leaf the columns it asks for. */
function waysOf(trees: Trees): Set<number>[] {
  const ways: Set<number>[] = [];
  const visit = (node: number, asked: readonly number[]): void => {
    if (isLeaf(trees, node)) ways.push(new Set(asked));
    else for (const child of [0, 1]) visit(trees.left[node]! + child, [...asked, trees.feature[node]!]);
  };
  for (const root of trees.roots) visit(root, []);
  return ways;
}

test('no way down a tree asks for columns of two sets, and columns in no set form one', async () => {
  const { x, y } = drawCategories(3);
  const fit = async (interactionCst: unknown, more = {}) => {
    const options = { nEstimators: 15, minSamplesLeaf: 5, interactionCst, ...more };
    return waysOf(((await gradientBoostingRegressor.from(options).fit(x, y)).state as BoostingState).trees);
  };
  const within = (ways: readonly Set<number>[], sets: readonly (readonly number[])[]) =>
    ways.every((way) => sets.some((set) => [...way].every((column) => set.includes(column))));
  const sets = [
    [0, 1],
    [1, 2],
  ];
  const ways = await fit(sets, { maxFeatures: 0.8, categoricalFeatures: [2] });
  assert.ok(within(ways, [...sets, [3]]));
  assert.ok(ways.some((way) => way.has(1) && way.has(2)) && ways.some((way) => way.has(3)));
  assert.ok((await fit('noInteractions')).every((way) => way.size <= 1));
  const pairs = await fit('pairwise');
  assert.ok(pairs.every((way) => way.size <= 2) && pairs.some((way) => way.size === 2));
  assert.ok((await fit(null)).some((way) => way.size > 2));
});

test('columns are drawn by tree, by level and by node', async () => {
  const { x, y } = drawCategories(4);
  const treesOf = async (options: object) =>
    ((await gradientBoostingRegressor.from({ nEstimators: 20, ...options }).fit(x, y)).state as BoostingState)
      .trees;
  const columnsOf = (trees: Trees, tree: number) =>
    new Set(
      trees.feature
        .slice(trees.roots[tree]!, trees.roots[tree + 1] ?? trees.left.length)
        .filter((j) => j >= 0),
    );
  const byTree = await treesOf({ maxFeaturesByTree: 0.5 });
  const seen = new Set<number>();
  for (const tree of byTree.roots.keys()) {
    const own = columnsOf(byTree, tree);
    assert.ok(own.size <= 2);
    for (const column of own) seen.add(column);
  }
  assert.equal(seen.size, 4);
  const byLevel = await treesOf({ maxFeaturesByLevel: 0.25 });
  for (const [tree, root] of byLevel.roots.entries()) {
    // All splits of a level ask for its one column.
    for (let level = [root]; level.length > 0; ) {
      const splits = level.filter((node) => !isLeaf(byLevel, node));
      assert.ok(new Set(splits.map((node) => byLevel.feature[node])).size <= 1, `tree ${tree}`);
      level = splits.flatMap((node) => [byLevel.left[node]!, byLevel.left[node]! + 1]);
    }
  }
});

test('constraints may name columns; those that are not there, categories and several classes are refused', async () => {
  const { x, y, classes } = drawCategories(5);
  const table = new Frame(
    ['size', 'age', 'town', 'kind'].map((name, j) => [name, { kind: 'number', values: x.column(j) }]),
  );
  const fit = (options: object) =>
    gradientBoostingRegressor.from({ nEstimators: 2, ...options }).fit(table, y);
  const named = await fit({
    monotonicCst: { age: -1 },
    interactionCst: [['size', 'age']],
    categoricalFeatures: ['town'],
  });
  const placed = await fit({
    monotonicCst: [0, -1, 0, 0],
    interactionCst: [[0, 1]],
    categoricalFeatures: [2],
  });
  assert.deepEqual(named.state, placed.state);
  await assert.rejects(fit({ monotonicCst: { agee: 1 } }), {
    code: 'option/invalid',
    message: /'agee'.*'age'/,
  });
  await assert.rejects(fit({ monotonicCst: [1, 0] }), {
    code: 'option/invalid',
    message: /2 numbers where x has 4/,
  });
  await assert.rejects(fit({ interactionCst: [[0, 4]] }), { message: /column 4; x has columns 0 to 3/ });
  await assert.rejects(fit({ categoricalFeatures: ['town', 'x'] }), { message: /categoricalFeatures.*'x'/ });
  await assert.rejects(fit({ monotonicCst: { town: 1 }, categoricalFeatures: ['town'] }), {
    code: 'option/conflict',
    message: /'town', which holds categories/,
  });
  const three = classes.map((c, i) => (i % 5 === 0 ? 2 : c));
  await assert.rejects(gradientBoostingClassifier({ monotonicCst: [1, 0, 0, 0] }).fit(x, three), {
    code: 'option/conflict',
    message: /two classes, y has 3/,
  });
});
