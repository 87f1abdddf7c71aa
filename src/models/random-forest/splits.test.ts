import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { Frame } from '../../core/frame.ts';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { draw } from '../../math/trees/trees.fixture.ts';
import type { Trees } from '../../math/trees/trees.ts';
import { r2Score } from '../../metrics/index.ts';
import { decisionTreeClassifier } from '../decision-tree/decision-tree-classifier.ts';
import { decisionTreeRegressor } from '../decision-tree/decision-tree-regressor.ts';
import { extraTreesClassifier } from './extra-trees-classifier.ts';
import { extraTreesRegressor } from './extra-trees-regressor.ts';
import { randomForestClassifier } from './random-forest-classifier.ts';
import { randomForestRegressor } from './random-forest-regressor.ts';

/** What parity/forests.py writes. */
const fixture = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/forests.json', import.meta.url), 'utf8'),
) as {
  readonly forests: readonly {
    readonly name: string;
    readonly kind: 'regressor' | 'classifier' | 'random-forest';
    readonly options: Readonly<Record<string, unknown>>;
    readonly scores: readonly number[];
  }[];
  readonly absolute: readonly {
    readonly name: string;
    readonly maxDepth: number | null;
    readonly weighted: boolean;
    readonly loss: number;
    readonly importances: readonly number[];
    readonly leaves: number;
  }[];
  readonly monotonic: readonly {
    readonly kind: 'regressor' | 'classifier';
    readonly cst: readonly (-1 | 0 | 1)[];
    readonly loss: number;
    readonly leaves: number;
  }[];
};

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const treesOf = (model: { readonly state: unknown }) => (model.state as { readonly trees: Trees }).trees;

for (const { name, kind, options, scores } of fixture.forests) {
  test(`test scores are scikit-learn's but for the draws: ${name}, ${kind}`, async () => {
    const ours: number[] = [];
    for (let seed = 0; seed < scores.length; seed++) {
      const { x, y, classes } = draw(100 + seed, { rows: 1000 });
      const rows = Array.from({ length: 1000 }, (_, i) => i);
      const [train, held] = [x.take(rows.slice(0, 500)), x.take(rows.slice(500))];
      if (kind === 'classifier') {
        const model = extraTreesClassifier.from({ nEstimators: 50, randomState: seed, ...options });
        const predicted = await (await model.fit(train, classes.slice(0, 500))).predict(held);
        ours.push(mean(predicted.map((label, i) => Number(label === classes[500 + i]))));
      } else {
        const factory = kind === 'regressor' ? extraTreesRegressor : randomForestRegressor;
        const nEstimators = kind === 'regressor' ? 50 : 20;
        const model = factory.from({ nEstimators, randomState: seed, ...options });
        const predicted = await (await model.fit(train, y.slice(0, 500))).predict(held);
        ours.push(r2Score(y.slice(500), predicted));
      }
    }
    // A margin of 0.6 points over 10 seeds.
    assert.ok(Math.abs(mean(ours) - mean(scores)) < 0.006, `${mean(ours)} against ${mean(scores)}`);
  });
}

for (const { name, maxDepth, weighted, loss, importances, leaves } of fixture.absolute) {
  test(`a tree by absolute error is as good as scikit-learn's: ${name}`, async () => {
    const { x, y } = draw(1, { rows: 600 });
    const sampleWeight = weighted ? Array.from({ length: 600 }, (_, i) => 0.5 + (i % 4)) : undefined;
    const options = { criterion: 'absoluteError', minSamplesLeaf: 20, maxDepth } as const;
    const model = await decisionTreeRegressor(options).fit(x, y, { sampleWeight });
    const predicted = await model.predict(x);
    const total = sampleWeight?.reduce((sum, w) => sum + w, 0) ?? 600;
    const own =
      y.reduce((sum, value, i) => sum + (sampleWeight?.[i] ?? 1) * Math.abs(value - predicted[i]!), 0) /
      total;
    // Equal splits leave equal trees; where two splits are equally good either may win, which moves what comes below by little.
    assert.ok(Math.abs(own - loss) < 0.01 * loss, `${own} against ${loss}`);
    assert.ok(Math.abs(model.nLeaves - leaves) <= 1, `${model.nLeaves} leaves against ${leaves}`);
    importances.forEach((value, j) => {
      assert.ok(Math.abs(model.featureImportances[j]! - value) < 0.02, `importance of column ${j}`);
    });
  });
}

test('histogram splits of few distinct values are the exact ones', async () => {
  const { x, y, classes } = draw(31, { rows: 800, steps: 60, missing: 0.1 });
  const options = { nEstimators: 3, bootstrap: false, maxFeatures: null, minSamplesLeaf: 4 };
  const structure = ({ feature, left, samples, missingLeft }: Trees) => ({
    feature,
    left,
    samples,
    missingLeft,
  });
  const exact = treesOf(await randomForestRegressor(options).fit(x, y));
  const binned = treesOf(await randomForestRegressor({ ...options, splits: 'histogram' }).fit(x, y));
  assert.deepEqual(structure(binned), structure(exact));
  for (const criterion of ['gini', 'entropy'] as const) {
    const exactClasses = treesOf(await randomForestClassifier({ ...options, criterion }).fit(x, classes));
    const model = await randomForestClassifier({ ...options, criterion, splits: 'histogram' }).fit(
      x,
      classes,
    );
    assert.deepEqual(structure(treesOf(model)), structure(exactClasses));
  }
});

test('histogram splits cost next to nothing in accuracy', async () => {
  const { x, y } = draw(32, { rows: 4000 });
  const rows = Array.from({ length: 4000 }, (_, i) => i);
  const [train, held] = [x.take(rows.slice(0, 2000)), x.take(rows.slice(2000))];
  const score = async (splits: 'exact' | 'histogram') => {
    const model = await randomForestRegressor({ nEstimators: 30, splits }).fit(train, y.slice(0, 2000));
    return r2Score(y.slice(2000), await model.predict(held));
  };
  // Bins of eight rows blur a threshold by less than the noise does.
  assert.ok(Math.abs((await score('exact')) - (await score('histogram'))) < 0.005);
});

test('the same trees on any number of threads, whatever their splits', async () => {
  const { x, y, classes } = draw(33, { rows: 5000, missing: 0.05 });
  const states = [];
  for (const threads of [1, 2, 3]) {
    const options = { nEstimators: 5, minSamplesLeaf: 3 };
    const extra = await extraTreesClassifier(options).fit(x, classes, { threads });
    const binned = await randomForestRegressor({ ...options, splits: 'histogram', maxFeatures: 3 }).fit(
      x,
      y,
      { threads },
    );
    const absolute = await decisionTreeRegressor({ criterion: 'absoluteError', maxDepth: 4 }).fit(x, y, {
      threads,
    });
    states.push([extra.state, binned.state, absolute.state]);
  }
  for (const other of states.slice(1)) assert.deepEqual(other, states[0]);
});

test('drawn thresholds part the values of their node', async () => {
  const { x, y } = draw(34, { rows: 300, missing: 0.1 });
  const { trees } = (await decisionTreeRegressor({ splitter: 'random' }).fit(x, y)).state as {
    readonly trees: Trees;
  };
  assert.ok(trees.left.length > 100);
  const inside: number[][] = Array.from(trees.left, () => []);
  inside[0] = Array.from({ length: 300 }, (_, i) => i);
  for (let node = 0; node < trees.left.length; node++) {
    const column = trees.feature[node]!;
    assert.equal(trees.samples[node], inside[node]!.length);
    if (column < 0) continue;
    for (const row of inside[node]!) {
      const value = x.at(row, column);
      const goesLeft =
        value <= trees.threshold[node]! || (Number.isNaN(value) && trees.missingLeft[node] === 1);
      inside[trees.left[node]! + (goesLeft ? 0 : 1)]!.push(row);
    }
  }
  // Grown to purity: all targets differ.
  trees.feature.forEach((column, node) => {
    if (column < 0) assert.equal(inside[node]!.length, 1);
  });
});

const monotonic = [
  ['decision tree', decisionTreeRegressor, decisionTreeClassifier, { minSamplesLeaf: 5 }],
  [
    'decision tree with drawn splits',
    decisionTreeRegressor,
    decisionTreeClassifier,
    { splitter: 'random', minSamplesLeaf: 2 },
  ],
  ['random forest', randomForestRegressor, randomForestClassifier, { nEstimators: 4 }],
  [
    'random forest with histograms',
    randomForestRegressor,
    randomForestClassifier,
    { nEstimators: 4, splits: 'histogram' },
  ],
  ['extra trees', extraTreesRegressor, extraTreesClassifier, { nEstimators: 4 }],
] as const;

for (const [name, regressor, classifier, options] of monotonic) {
  test(`predictions rise and fall as monotonicCst says: ${name}`, async () => {
    const { x, y, classes } = draw(35, { rows: 400, missing: 0.05 });
    const two = classes.map((value) => (value > 0 ? 'yes' : 'no'));
    // Against the data, where column 0 and 2 raise the target: only the constraint can bring it about.
    const monotonicCst: (-1 | 0 | 1)[] = [-1, 1, -1, 1, 0];
    const values = await regressor.from({ ...options, monotonicCst }).fit(x, y);
    const shares = await classifier.from({ ...options, monotonicCst }).fit(x, two);
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.array(unit, { minLength: 5, maxLength: 5 }),
        fc.integer({ min: 0, max: 3 }),
        unit,
        async (row, column, other) => {
          const [low, high] = [Math.min(row[column]!, other), Math.max(row[column]!, other)];
          const pair = Matrix.fromRows([row.with(column, low), row.with(column, high)]);
          const direction = monotonicCst[column]!;
          const predicted = await values.predict(pair);
          const probabilities = await shares.predictProba(pair);
          // Means of the same leaves in the same order: rounding is alike, but for sums of several trees.
          assert.ok((predicted[1]! - predicted[0]!) * direction >= -1e-12);
          assert.ok((probabilities.at(1, 1) - probabilities.at(0, 1)) * direction >= -1e-12);
        },
      ),
      { numRuns: 60 },
    );
  });
}

for (const { kind, cst, loss, leaves } of fixture.monotonic) {
  test(`a monotonic tree is no worse than scikit-learn's: ${kind}`, async () => {
    const { x, y, classes } = draw(1, { rows: 600 });
    const options = { monotonicCst: [...cst], minSamplesLeaf: 20 };
    const target = kind === 'regressor' ? y : Float64Array.from(classes, (value) => Number(value > 0));
    let predicted: Float64Array;
    let own: number;
    if (kind === 'regressor') {
      const model = await decisionTreeRegressor(options).fit(x, y);
      [predicted, own] = [await model.predict(x), model.nLeaves];
    } else {
      const model = await decisionTreeClassifier(options).fit(x, Array.from(target));
      [predicted, own] = [Float64Array.from((await model.predictProba(x)).column(1)), model.nLeaves];
    }
    const squares = mean(Array.from(target, (value, i) => (value - predicted[i]!) ** 2));
    // Bounds part the children at the same middle; equal splits may go either way.
    assert.ok(squares <= 1.01 * loss, `${squares} against ${loss} (${own} leaves against ${leaves})`);
  });
}

test('what cannot be is refused by name', async () => {
  const { x, y, classes } = draw(36, { rows: 60 });
  const named = new Matrix({ rows: 60, columns: 5, data: x.data, names: ['area', 'b', 'c', 'd', 'e'] });
  await assert.rejects(randomForestRegressor({ monotonicCst: { aera: 1 } }).fit(named, y), {
    code: 'option/invalid',
    message: /'aera', which x does not have. Did you mean 'area'\?/,
  });
  await assert.rejects(
    extraTreesRegressor({ monotonicCst: [1, 0] }).fit(x, y),
    /2 numbers where x has 5 columns/,
  );
  await assert.rejects(decisionTreeClassifier({ monotonicCst: [1, 0, 0, 0, 0] }).fit(x, classes), {
    code: 'option/conflict',
    message: /the target has 3/,
  });
  assert.throws(() => extraTreesRegressor({ criterion: 'absoluteError' }), /needs all splits/);
  assert.throws(
    () => randomForestRegressor({ criterion: 'absoluteError', splits: 'histogram' }),
    /needs all splits/,
  );
  assert.throws(
    () => decisionTreeRegressor({ criterion: 'absoluteError', monotonicCst: { b: 1 } }),
    /are means/,
  );
});

const houses = (() => {
  const random = new RandomState(40);
  const rows = 400;
  const towns = ['Aachen', '上海', 'Lyon', 'Graz', 'Oslo', 'Turin', 'Cork'];
  const worth = [3, 9, 1, 8, 2, 7, 4];
  const town = Int32Array.from({ length: rows }, () => random.randint(towns.length));
  const area = Float64Array.from({ length: rows }, () => random.uniform());
  const y = Float64Array.from(town, (code, i) => worth[code]! + area[i]!);
  const table = new Frame(
    [
      ['town', { kind: 'string', codes: town.map((code, i) => (i % 29 === 0 ? -1 : code)), levels: towns }],
      ['area', { kind: 'number', values: area }],
    ],
    rows,
  );
  return { table, y, kinds: Array.from(y, (value) => (value > 7 ? 'dear' : value > 3.5 ? 'fair' : 'cheap')) };
})();

const eachTree = [
  ['decision tree', decisionTreeRegressor, decisionTreeClassifier, {}],
  ['decision tree with drawn splits', decisionTreeRegressor, decisionTreeClassifier, { splitter: 'random' }],
  ['random forest', randomForestRegressor, randomForestClassifier, { nEstimators: 10 }],
  [
    'random forest with histograms',
    randomForestRegressor,
    randomForestClassifier,
    { nEstimators: 10, splits: 'histogram' },
  ],
  ['extra trees', extraTreesRegressor, extraTreesClassifier, { nEstimators: 10 }],
] as const;

for (const [name, regressor, classifier, options] of eachTree) {
  test(`columns of text are split into sets: ${name}`, async () => {
    const { table, y, kinds } = houses;
    const model = await regressor.from({ ...options, maxDepth: 6, minSamplesLeaf: 2 }).fit(table, y);
    assert.ok(r2Score(y, await model.predict(table)) > 0.9);
    const trees = treesOf(model);
    assert.ok(trees.sets?.starts.some((start) => start >= 0));
    const classes = await classifier.from({ ...options, maxDepth: 6, minSamplesLeaf: 2 }).fit(table, kinds);
    const predicted = await classes.predict(table);
    assert.ok(mean(predicted.map((label, i) => Number(label === kinds[i]))) > 0.9);
    // Towns that training has not seen go the way of missing ones; a row by itself goes the same way.
    const later = new Frame(
      [
        ['town', { kind: 'string', codes: Int32Array.of(0, -1), levels: ['Rome'] }],
        ['area', { kind: 'number', values: Float64Array.of(0.3, 0.3) }],
      ],
      2,
    );
    const [rome, none] = await model.predict(later);
    assert.equal(rome, none);
    const row = { town: '上海', area: 0.5 };
    const one = new Frame(
      [
        ['town', { kind: 'string', codes: Int32Array.of(0), levels: ['上海'] }],
        ['area', { kind: 'number', values: Float64Array.of(0.5) }],
      ],
      1,
    );
    assert.equal(model.predictRow(row), (await model.predict(one))[0]);
    assert.ok(Math.abs(model.predictRow(row) - 9.5) < 1.5);
  });
}

test('a tree of categories is told in words, pruned and saved', async () => {
  const { exportText } = await import('../tree-explanations/export-text.ts');
  const { table, y } = houses;
  const model = await decisionTreeRegressor({ maxDepth: 3, ccpAlpha: 0.01 }).fit(table, y);
  const text = exportText(model);
  assert.match(text, /^\|--- town is (Lyon|Oslo|Aachen|Cork|Graz|Turin|上海)( or \S+)*\n/m);
  assert.match(text, /\|--- town is something else/);
});

test('codes among numbers are categories where they are named, and have no order', async () => {
  const { table, y } = houses;
  const town = table.column('town') as { readonly codes: Int32Array };
  const coded = table.with('town', {
    kind: 'number',
    values: Float64Array.from(town.codes, (code) => (code < 0 ? Number.NaN : 100 + code)),
  });
  const options = { maxDepth: 4, minSamplesLeaf: 3 };
  const byName = await decisionTreeRegressor({ ...options, categoricalFeatures: ['town'] }).fit(coded, y);
  const byText = await decisionTreeRegressor(options).fit(table, y);
  assert.deepEqual(await byName.predict(coded), await byText.predict(table));
  await assert.rejects(
    decisionTreeRegressor({ monotonicCst: { town: 1 } }).fit(table, y),
    /'town', which holds categories/,
  );
  await assert.rejects(
    randomForestRegressor({ criterion: 'absoluteError', nEstimators: 2 }).fit(table, y),
    /'town' holds categories/,
  );
});

test('ten thousand categories are no trouble', async () => {
  const rows = 20_000;
  const random = new RandomState(41);
  const codes = Int32Array.from({ length: rows }, () => random.randint(10_000));
  const table = new Frame(
    [['id', { kind: 'string', codes, levels: Array.from({ length: 10_000 }, (_, i) => `id ${i}`) }]],
    rows,
  );
  const y = Float64Array.from(codes, (code) => code % 7);
  for (const model of [
    await decisionTreeRegressor({ minSamplesLeaf: 20 }).fit(table, y),
    await randomForestRegressor({ nEstimators: 2, splits: 'histogram', minSamplesLeaf: 20 }).fit(table, y),
  ])
    assert.ok(r2Score(y, await model.predict(table)) > 0.5);
});
