import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DataError } from '../core/errors.ts';
import { Frame } from '../core/frame.ts';
import { restoreModel } from '../define/factory.ts';
import type { FittedModel } from '../define/fitted.ts';
import { draw } from '../math/trees/trees.fixture.ts';
import type { Trees } from '../math/trees/trees.ts';
import { decisionTreeClassifier } from './decision-tree/decision-tree-classifier.ts';
import { decisionTreeRegressor } from './decision-tree/decision-tree-regressor.ts';
import { gradientBoostingClassifier } from './gradient-boosting/gradient-boosting-classifier.ts';
import { gradientBoostingRegressor } from './gradient-boosting/gradient-boosting-regressor.ts';
import { extraTreesClassifier } from './random-forest/extra-trees-classifier.ts';
import { extraTreesRegressor } from './random-forest/extra-trees-regressor.ts';
import { predictQuantiles } from './random-forest/predict-quantiles.ts';
import { randomForestClassifier } from './random-forest/random-forest-classifier.ts';
import { randomForestRegressor } from './random-forest/random-forest-regressor.ts';

const few = { nEstimators: 3 };
const families = [
  ['a decision tree', decisionTreeRegressor, decisionTreeClassifier, {}],
  ['a random forest', randomForestRegressor, randomForestClassifier, few],
  [
    'a random forest by histograms',
    randomForestRegressor,
    randomForestClassifier,
    { ...few, splits: 'histogram' },
  ],
  ['extra trees', extraTreesRegressor, extraTreesClassifier, few],
  ['gradient boosting', gradientBoostingRegressor, gradientBoostingClassifier, { ...few, minSamplesLeaf: 1 }],
] as const;

const rows = Array.from({ length: 40 }, (_, i) => ({ a: i % 7, b: Math.floor(i / 5), gap: Number.NaN }));
const labels = rows.map(({ a, b }) => (a > b ? 'more' : 'less'));

for (const [name, regressor, classifier, options] of families) {
  test(`${name} fits a constant target, a column without values, and fewer rows than leaves`, async () => {
    const constant = await regressor.from(options).fit(rows, new Float64Array(rows.length).fill(7));
    assert.deepEqual(
      [...(await constant.predict(rows))],
      rows.map(() => 7),
    );
    const many = await classifier.from({ ...options, maxLeafNodes: 500, maxDepth: 1 }).fit(rows, labels);
    assert.ok((await many.predictProba(rows)).data.every((share) => share >= 0 && share <= 1));
    const [first] = await many.predict([{ a: 6, b: 0, gap: 3 }]);
    assert.equal(first, many.predictRow({ a: 6, b: 0, gap: null }));
    const two = await regressor.from({ ...options, maxLeafNodes: 100 }).fit(rows.slice(0, 2), [1, 2]);
    assert.ok((await two.predict(rows)).every((value) => value >= 1 && value <= 2));
  });

  test(`${name} refuses a single class, weights of nothing, and depth 0, each by name`, async () => {
    await assert.rejects(
      classifier.from(options).fit(
        rows,
        rows.map(() => 'same'),
      ),
      {
        code: 'data/one-class',
        message: /same/,
      },
    );
    for (const fit of [
      regressor.from(options).fit(
        rows,
        rows.map(({ a }) => a),
        { sampleWeight: rows.map(() => 0) },
      ),
      classifier.from(options).fit(rows, labels, { sampleWeight: rows.map(() => 0) }),
    ])
      await assert.rejects(
        fit,
        (error: unknown) => error instanceof DataError && /weight/i.test(error.message),
      );
    for (const maxDepth of [0, -1, 1.5])
      assert.throws(() => regressor.from({ ...options, maxDepth }), {
        code: 'option/invalid',
        message: /maxDepth/,
      });
  });

  test(`${name} takes ten thousand categories, and ones that it has not seen like missing ones`, async () => {
    const levels = Array.from({ length: 10_000 }, (_, i) => `id ${i}`);
    const table = (codes: Int32Array) => new Frame([['id', { kind: 'string', codes, levels }]], codes.length);
    const codes = Int32Array.from({ length: 12_000 }, (_, i) => i % 10_000);
    const y = Float64Array.from(codes, (code) => code % 7);
    const model = await regressor.from({ ...options, maxDepth: 4 }).fit(table(codes), y);
    const unseen = new Frame([['id', { kind: 'string', codes: Int32Array.of(0, -1), levels: ['Rome'] }]], 2);
    const [rome, none] = await model.predict(unseen);
    assert.ok(Number.isFinite(rome));
    assert.equal(rome, none);
    assert.equal(model.predictRow({ id: 'Rome' }), rome);
  });

  test(`${name} out of a forged file is refused, or predicts`, async () => {
    const { x, y, classes } = draw(60, { rows: 80, missing: 0.1 });
    const codes = Int32Array.from({ length: 80 }, (_, i) => i % 5);
    const names = ['0', '1', '2', '3', '4'].map((at, j) => [
      `c${at}`,
      { kind: 'number', values: Float64Array.from(x.column(j)) },
    ]);
    const table = new Frame(
      [...names, ['text', { kind: 'string', codes, levels: ['p', 'q', 'r', 's', 't'] }]] as never,
      80,
    );
    const models: FittedModel[] = [
      (await regressor.from({ ...options, maxDepth: 3 }).fit(
        table,
        y.map((value, i) => value + codes[i]!),
      )) as never,
      (await classifier.from({ ...options, maxDepth: 3 }).fit(table, classes)) as never,
    ];
    for (const model of models) {
      const factory = model === models[0] ? regressor : classifier;
      const restore = (state: object) =>
        restoreModel({ ...recordOf(model), state: state as never }, () => factory as never);
      const state = model.state as unknown as { readonly trees: Trees };
      const wanted = await (model as unknown as Predicting).predict(table);
      assert.deepEqual(await ((await restore(state)) as unknown as Predicting).predict(table), wanted);
      const nodes = state.trees.left.length;
      const fields = ['roots', 'left', 'feature', 'missingLeft', 'threshold', 'starts', 'words'] as const;
      const change = fc.record({
        field: fc.constantFrom(...fields),
        at: fc.nat(10 * nodes),
        value: fc.oneof(
          fc.integer({ min: -3, max: nodes + 3 }),
          fc.constantFrom(-(2 ** 31), 2 ** 31 - 1, Number.NaN, Infinity, -Infinity),
        ),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
          const trees = copyOf(state.trees);
          for (const { field, at, value } of changes) {
            const values = arrayOf(trees, field);
            if (values !== undefined && values.length > 0) values[at % values.length] = value;
          }
          let forged: Predicting;
          try {
            forged = (await restore({ ...state, trees })) as unknown as Predicting;
          } catch (error) {
            assert.ok(error instanceof DataError && error.code === 'model/unfit-state', String(error));
            return;
          }
          await forged.predict(table);
        }),
        { numRuns: 60 },
      );
      // What would send a row round and round, or out of the tree.
      const leaf = state.trees.feature.indexOf(-1);
      for (const [field, at, value, message] of [
        ['left', 0, 0, /leads to 0, which is not below it/],
        ['left', 0, nodes, new RegExp(`leads to ${nodes}`)],
        ['left', leaf, 0, /a leaf that leads on/],
        ['feature', 0, 6, /column 6 of 6/],
        ['roots', 0, 1, /tree 0 begins at node 1/],
      ] as const) {
        const trees = copyOf(state.trees);
        arrayOf(trees, field)![at] = value;
        await assert.rejects(restore({ ...state, trees }), { code: 'model/unfit-state', message });
      }
      await assert.rejects(
        restore({ ...state, trees: { ...state.trees, values: new Float64Array(1) } }),
        /values holds 1 numbers/,
      );
      await assert.rejects(restore({ ...state, trees: { ...state.trees, width: 17 } }), /hold 17 numbers/);
    }
  });
}

interface Predicting {
  predict(x: Frame): Promise<unknown>;
}

function recordOf({ schema, target, summary, specification }: FittedModel) {
  return { schema, target, summary, specification: specification.toJSON() };
}

function copyOf(trees: Trees): Trees {
  const copies = Object.entries(trees).map(([name, values]) => [
    name,
    ArrayBuffer.isView(values) ? (values as Float64Array).slice() : values,
  ]);
  const { sets } = trees;
  return {
    ...Object.fromEntries(copies),
    ...(sets && { sets: { starts: sets.starts.slice(), words: sets.words.slice() } }),
  };
}

function arrayOf(trees: Trees, field: string): Int32Array | undefined {
  return (
    (trees.sets as never as Record<string, Int32Array>)?.[field] ??
    (trees as never as Record<string, Int32Array>)[field]
  );
}

test('leaves of quantiles out of a forged file are refused', async () => {
  const { x, y } = draw(61, { rows: 60 });
  const model = await randomForestRegressor({ ...few, quantiles: true }).fit(x, y);
  const state = model.state as unknown as { readonly leafTargets: Record<string, Int32Array> };
  const restore = (leafTargets: object) =>
    restoreModel(
      { ...recordOf(model as never), state: { ...state, leafTargets } as never },
      () => randomForestRegressor as never,
    );
  await predictQuantiles((await restore(state.leafTargets)) as never, x, [0.5]);
  for (const name of ['starts', 'rows', 'targets'])
    await assert.rejects(restore({ ...state.leafTargets, [name]: state.leafTargets[name]!.slice(0, 5) }), {
      code: 'model/unfit-state',
    });
});
