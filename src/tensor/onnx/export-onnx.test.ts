import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Frame } from '../../core/frame.ts';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { readCsv } from '../../data/read/read-csv.ts';
import type { FittedModel } from '../../define/fitted.ts';
import { decisionTreeRegressor } from '../../models/decision-tree/decision-tree-regressor.ts';
import { dummyClassifier } from '../../models/dummy/dummy-classifier.ts';
import { kNeighborsClassifier } from '../../models/k-neighbors/k-neighbors-classifier.ts';
import { kNeighborsRegressor } from '../../models/k-neighbors/k-neighbors-regressor.ts';
import { linearRegression } from '../../models/linear-regression/linear-regression.ts';
import { logisticRegression } from '../../models/logistic-regression/logistic-regression.ts';
import { pca } from '../../models/pca/pca.ts';
import { ridge } from '../../models/ridge/ridge.ts';
import { columnTransformer } from '../../prepare/column-transformer/column-transformer.ts';
import { dateParts } from '../../prepare/date-parts/date-parts.ts';
import { oneHotEncoder } from '../../prepare/one-hot-encoder/one-hot-encoder.ts';
import { ordinalEncoder } from '../../prepare/ordinal-encoder/ordinal-encoder.ts';
import { pipeline } from '../../prepare/pipeline/pipeline.ts';
import { simpleImputer } from '../../prepare/simple-imputer/simple-imputer.ts';
import { trainTable } from '../../select/train-table.ts';
import { exportOnnx } from './export-onnx.ts';
import { readOnnx } from './read-onnx.ts';
import { runExported } from './run-exported.fixture.ts';

const rowsOf = (table: unknown) => Array.from((table as Matrix).data);

/** Largest difference over the size of the largest expected number; NaN must be NaN. */
function difference(actual: readonly unknown[], expected: ArrayLike<number>): number {
  assert.equal(actual.length, expected.length);
  let [most, scale] = [0, Number.MIN_VALUE];
  for (let i = 0; i < expected.length; i++) {
    if (Number.isNaN(expected[i])) assert.ok(Number.isNaN(actual[i]), `place ${i} is ${actual[i]}, not NaN`);
    else {
      scale = Math.max(scale, Math.abs(expected[i]!));
      const distance = Math.abs((actual[i] as number) - expected[i]!);
      most = Math.max(most, Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance);
    }
  }
  return most / scale;
}

const colours = Frame.fromColumns({
  colour: ['red', 'blue', null, 'red', 'green', 'red', 'blue', 'black'],
  size: [1, 2, 2, null, 1, 1, 3, 4],
  sold: [true, false, null, true, true, false, false, true],
});

test('one-hot columns of text, numbers, booleans and gaps are the same under every option', async () => {
  const known = [
    {},
    { drop: 'first' },
    { drop: 'ifBinary' },
    { minFrequency: 2 },
    { maxCategories: 2, drop: 'first' },
  ] as const;
  for (const options of known) {
    const model = await oneHotEncoder(options).fit(colours);
    const { transformed } = await runExported(model, colours);
    assert.deepEqual(transformed, rowsOf(await model.transform(colours)), JSON.stringify(options));
  }
  const other = Frame.fromColumns({ colour: ['pink', 'red'], size: [9, 1], sold: [null, true] });
  for (const handleUnknown of ['ignore', 'infrequentIfExist'] as const) {
    const model = await oneHotEncoder({ handleUnknown, minFrequency: 2 }).fit(
      colours.take([0, 1, 3, 4, 5, 6]),
    );
    const { transformed } = await runExported(model, other);
    assert.deepEqual(transformed, rowsOf(await model.transform(other)), handleUnknown);
  }
});

test('numbers of categories are the same under every option', async () => {
  const other = Frame.fromColumns({ colour: ['pink', null], size: [9, null], sold: [null, true] });
  for (const options of [
    {},
    { encodedMissingValue: -2, minFrequency: 2 },
    { handleUnknown: 'useEncodedValue', unknownValue: -1 },
    { handleUnknown: 'useEncodedValue', unknownValue: null },
  ] as const) {
    const model = await ordinalEncoder(options).fit(colours);
    const x = 'handleUnknown' in options ? other : colours;
    const { transformed } = await runExported(model, x);
    assert.equal(
      difference(transformed!, rowsOf(await model.transform(x)) as number[]),
      0,
      JSON.stringify(options),
    );
  }
});

test('a category that heddle refuses makes the prediction NaN rather than wrong', async () => {
  const x = colours.select(['colour']);
  const model = await pipeline(oneHotEncoder(), ridge()).fit(x, [1, 2, 3, 4, 5, 6, 7, 8]);
  const other = Frame.fromColumns({ colour: ['pink', 'red'] });
  const { prediction } = await runExported(model as FittedModel, other);
  assert.ok(Number.isNaN(prediction![0]) && Number.isFinite(prediction![1]));
});

test('gaps of every kind of column are filled and marked alike', async () => {
  const filling = await simpleImputer({ strategy: 'mostFrequent', addIndicator: true }).fit(colours);
  const filled = (await filling.transform(colours)) as Frame;
  const found = await runExported(filling, colours);
  assert.deepEqual(found.transformed_colour, filled.texts('colour'));
  for (const name of filled.names.slice(1))
    assert.deepEqual(found[`transformed_${name}`], Array.from(filled.numbers(name)), name);
  const holes = Matrix.fromRows([
    [1, null, 3, null],
    [null, null, 4, 5],
  ]);
  for (const options of [
    { addIndicator: true },
    { keepEmptyFeatures: true },
    { strategy: 'constant', fillValue: 9 },
  ] as const) {
    const model = await simpleImputer(options).fit(holes, undefined, { onWarning: () => {} });
    const { transformed } = await runExported(model, holes);
    assert.deepEqual(transformed, rowsOf(await model.transform(holes)), JSON.stringify(options));
  }
});

test('all parts of dates are the same, before 1970, around leap days and with times of day', async () => {
  const random = new RandomState(0);
  const days = Array.from({ length: 400 }, () => Math.floor(random.uniform() * 400_000) - 200_000);
  const leaps = [-719_162, -1, 0, 58, 59, 60, 11_015, 11_016, 11_017, 47_540, 47_541, 19_782, 19_783];
  const times = [...days, ...leaps].map(
    (day, i) => day * 86_400_000 + (i % 7 === 0 ? 0 : (i * 7_654_321) % 86_400_000),
  );
  const x = Frame.fromColumns({ when: [...times.map((time) => new Date(time)), null] });
  const parts = [
    'year',
    'quarter',
    'month',
    'day',
    'dayOfYear',
    'dayOfWeek',
    'hour',
    'minute',
    'elapsedDays',
  ] as const;
  const model = await dateParts({ parts: [...parts] }).fit(x);
  const { transformed } = await runExported(model, x);
  assert.equal(difference(transformed!, rowsOf(await model.transform(x)) as number[]), 0);
});

test('neighbours are the same rows, ties included, for every distance, weight and algorithm', async () => {
  const random = new RandomState(1);
  // A small grid, so that many rows are equally far.
  const grid = (rows: number, columns: number) =>
    new Matrix({
      rows,
      columns,
      data: Float64Array.from({ length: rows * columns }, () => random.randint(4) - 1),
    });
  const x = grid(60, 3);
  const asked = grid(40, 3);
  const y = Array.from({ length: 60 }, (_, i) => i * i);
  for (const metric of ['euclidean', 'manhattan', 'chebyshev', 'cosine', { p: 3 }, { p: 1.5 }] as const) {
    for (const weights of ['uniform', 'distance'] as const) {
      const by = typeof metric === 'string' ? { metric } : { metric: 'minkowski' as const, p: metric.p };
      const model = await kNeighborsRegressor({ ...by, weights }).fit(x, y);
      const { prediction } = await runExported(model, asked);
      // A distance that is a rounding error of cosines or powers is inverted; the others are the same bits.
      const tolerance = metric === 'cosine' || typeof metric === 'object' ? 1e-9 : 1e-15;
      const apart = difference(prediction!, await model.predict(asked));
      assert.ok(apart <= tolerance, `${JSON.stringify(by)} ${weights}: ${apart}`);
    }
  }
  for (const algorithm of ['kd-tree', 'brute'] as const) {
    // Beyond the size from which a product sorts out candidates; more rows at equal distance than candidates.
    const many = grid(9000, 4);
    const model = await kNeighborsClassifier({ algorithm }).fit(
      many,
      Array.from({ length: 9000 }, (_, i) => i % 3),
    );
    const some = grid(50, 4);
    const { label, probabilities } = await runExported(model, some);
    assert.deepEqual(label, await model.predict(some));
    assert.deepEqual(probabilities, rowsOf(await model.predictProba(some)));
  }
});

test('of thousands of rows at equal distance the first ones count', async () => {
  const rows = 9000;
  const x = new Matrix({
    rows,
    columns: 4,
    data: Float64Array.from({ length: 4 * rows }, (_, at) => ((at >> 2) + (at & 3)) % 3),
  });
  const y = Float64Array.from({ length: rows }, (_, i) => i);
  const asked = x.take([0, 1, 2, 4000]);
  for (const algorithm of ['kd-tree', 'brute'] as const) {
    const model = await kNeighborsRegressor({ algorithm, nNeighbors: 7 }).fit(x, y);
    const { prediction } = await runExported(model, asked);
    assert.deepEqual(prediction, Array.from(await model.predict(asked)));
  }
});

test('a tree of one leaf, several targets and whitened components', async () => {
  const x = Matrix.fromRows([
    [1, 5],
    [2, 4],
    [3, 9],
    [4, 1],
  ]);
  const flat = await decisionTreeRegressor().fit(x, [7, 7, 7, 7]);
  assert.deepEqual((await runExported(flat, x)).prediction, [7, 7, 7, 7]);
  const targets = Matrix.fromRows(
    [
      [1, 2],
      [2, 9],
      [0, 1],
      [5, 5],
    ],
    ['a', 'b'],
  );
  const several = await linearRegression().fit(x, targets);
  const expected = (await several.predict(x)) as unknown as Matrix;
  // Rounding errors of sums of three numbers.
  assert.ok(difference((await runExported(several, x)).prediction!, expected.data) < 1e-14);
  const { metadata } = await readOnnx((await exportOnnx(several)).bytes);
  assert.equal(metadata['heddle.target'], '["a","b"]');
  const whitened = await pca({ whiten: true }).fit(x);
  const scores = (await whitened.transform(x)) as Matrix;
  assert.ok(difference((await runExported(whitened, x)).transformed!, scores.data) < 1e-13);
});

test('columns may be called anything, also what outputs and nodes are called', async () => {
  const names = ['prediction', 'label', 'probabilities', 'constant.0', '', '猫 (m²)'];
  const random = new RandomState(2);
  const x = Frame.fromColumns(
    Object.fromEntries(
      names.map((name) => [name, Array.from({ length: 20 }, () => random.standardNormal())]),
    ),
  );
  const model = await logisticRegression().fit(
    x,
    Array.from({ length: 20 }, (_, i) => i % 2 === 0),
  );
  const { inputs, outputs, bytes } = await exportOnnx(model);
  assert.deepEqual(
    inputs.map(({ name }) => name),
    [...names.slice(0, 4), 'column4', names[5]],
  );
  assert.deepEqual(
    outputs.map(({ name, element }) => [name, element]),
    [
      ['label_1', 'bool'],
      ['probabilities_1', 'float64'],
    ],
  );
  assert.equal((await readOnnx(bytes)).metadata['heddle.classes'], '[false,true]');
});

test('columns that the model does not use are no inputs', async () => {
  const prepare = columnTransformer({
    transformers: [{ name: 'n', transformer: simpleImputer(), columns: ['size'] }],
  });
  const model = await pipeline(prepare, ridge()).fit(colours, [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual((await exportOnnx(model as FittedModel)).inputs, [
    { name: 'size', element: 'float64', shape: ['rows', 1] },
  ]);
});

test('labels that are no whole numbers stay what they are', async () => {
  const x = Matrix.fromRows([[1], [2], [8], [9]]);
  const model = await logisticRegression().fit(x, [0.5, 0.5, 2, 2]);
  assert.deepEqual((await runExported(model, x)).label, [0.5, 0.5, 2, 2]);
});

test('what has no ONNX form says why, by the name of the model or step', async () => {
  const refused = async (model: FittedModel, message: RegExp) =>
    assert.rejects(exportOnnx(model), { code: 'onnx/unsupported', message });
  const texts = Frame.fromColumns({ t: ['', 'a', 'a'] });
  await refused(
    await oneHotEncoder().fit(texts),
    /^one-hot-encoder cannot .* an empty text is a category of column 't'/,
  );
  const filling = simpleImputer({ strategy: 'constant', fillValue: '' });
  await refused(await filling.fit(texts), /^simple-imputer .* column 't' is filled with an empty text/);
  const dates = Frame.fromColumns({ d: ['2026-01-02', '2026-03-04'] });
  await refused(await dateParts().fit(dates), /^date-parts .* column 'd' holds dates as text/);
  const drawn = pipeline(simpleImputer(), dummyClassifier({ strategy: 'stratified' }));
  await refused(
    (await drawn.fit([[1], [2]], ['a', 'b'])) as FittedModel,
    /^dummy-classifier .* drawn by chance/,
  );
});

test('an unknown option is refused by its name, and a fired signal stops the export', async () => {
  const model = await ridge().fit([[1], [2]], [1, 2]);
  await assert.rejects(exportOnnx(model, { traget: 'y' } as never), {
    code: 'option/unknown',
    message: /Did you mean 'target'/,
  });
  await assert.rejects(exportOnnx(model, { signal: AbortSignal.abort() }), { code: 'job/aborted' });
});

test('on the Ames table every pipeline agrees to 1e-12', async () => {
  const table = await readCsv(fileURLToPath(new URL('../../../examples/data/ames.csv', import.meta.url)));
  for (const family of ['ridge', 'gradient-boosting', 'decision-tree']) {
    const { model } = await trainTable(table, { target: 'price', model: family });
    const expected = (await model.predict(table)) as Float64Array;
    const { prediction } = await runExported(model as FittedModel, table);
    for (const [i, value] of expected.entries())
      assert.ok(
        Math.abs((prediction![i] as number) - value) <= 1e-12 * Math.abs(value),
        `${family}, row ${i}`,
      );
  }
});
