import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Cell, Frame } from '../core/frame.ts';
import { Matrix } from '../core/matrix.ts';
import { gradientBoostingRegressor } from '../models/gradient-boosting/gradient-boosting-regressor.ts';
import { linearRegression } from '../models/linear-regression/linear-regression.ts';
import { ridge } from '../models/ridge/ridge.ts';
import { prepareTable } from './prepare-table.ts';

const rows = 40;
const cells = <T extends Cell>(cell: (i: number) => T) => Array.from({ length: rows }, (_, i) => cell(i));
const y = cells((i) => 3 * i + 5 * (i % 3));

const mixed = Frame.fromColumns({
  area: cells((i) => 100 + ((i * 17) % 31)),
  gappy: cells((i) => (i % 4 === 0 ? null : i % 7)),
  heated: cells((i) => i % 3 === 0),
  quarter: cells((i) => ['north', 'south', 'west'][i % 3]!),
  side: cells((i) => (i % 2 === 0 ? 'left' : 'right')),
  sold: cells((i) => new Date(Date.UTC(2024, 0, 1 + i))),
});

async function namesOut(x: Frame, model: Parameters<typeof prepareTable>[1] = ridge()) {
  const { specification } = prepareTable(x, model);
  // biome-ignore lint/suspicious/noExplicitAny: the attributes of a pipeline depend on its last step
  const fitted = (await (specification as any).fit(x, y)) as any;
  return fitted.featureNamesOut as string[];
}

test('complete numbers in front of a model without a penalty stay as they are', () => {
  const x = mixed.select(['area', 'heated']);
  const model = linearRegression();
  assert.equal(prepareTable(x, model).specification, model);
  assert.notEqual(prepareTable(x, ridge()).specification.name, 'ridge');
  assert.notEqual(prepareTable(mixed.select(['area', 'side']), model).specification, model);
});

test('the steps are told in words and follow what the model needs', () => {
  const steps = prepareTable(mixed, ridge()).steps;
  assert.deepEqual(steps, [
    '1 column of numbers: fill gaps with the median, standardise',
    '1 column of numbers with gaps: fill gaps with the median, mark them, standardise',
    '1 boolean column: fill gaps with the most frequent',
    '1 column of dates: take apart, fill gaps with the median, standardise',
    '2 columns of categories: one column per level',
  ]);
  assert.ok(prepareTable(mixed, linearRegression()).steps.every((step) => !step.includes('standardise')));
});

test('a model that takes text gets categories as they are, codes among numbers by name, dates taken apart', async () => {
  const model = gradientBoostingRegressor({ nEstimators: 3, minSamplesLeaf: 2 });
  const table = mixed.with('zip', {
    kind: 'number',
    values: Float64Array.from(cells((i) => 1000 + (i % 4))),
  });
  const { specification, steps, features } = prepareTable(table, model, { categorical: ['zip'] });
  assert.deepEqual(steps, [
    '3 columns of numbers: as they are',
    '1 column of dates: take apart',
    '3 columns of categories: as they are',
  ]);
  const fitted = (await specification.fit(table.select(features), y)) as unknown as {
    featureNamesOut: string[];
    predict(x: Frame): Promise<Float64Array>;
  };
  assert.deepEqual(fitted.featureNamesOut.slice(0, 6), ['area', 'gappy', 'heated', 'quarter', 'side', 'zip']);
  assert.ok(fitted.featureNamesOut.includes('sold_elapsedDays'));
  const later = table
    .take([1])
    .with('quarter', { kind: 'string', codes: Int32Array.of(0), levels: ['east'] });
  assert.ok(Number.isFinite((await fitted.predict(later))[0]));
  const alone = prepareTable(table.drop(['sold']), model, { categorical: ['zip'] });
  assert.deepEqual(
    [alone.specification.name, alone.specification.options.categoricalFeatures],
    ['gradient-boosting-regressor', ['zip']],
  );
  assert.equal(prepareTable(mixed.select(['area']), model).specification, model);
});

test('columns come out as numbers: indicators of gaps, one column per level, one for two levels, parts of dates', async () => {
  const names = await namesOut(mixed);
  for (const part of [
    'area',
    'gappy',
    'missingindicator_gappy',
    'heated',
    'side_right',
    'sold_year',
    'sold_elapsedDays',
  ]) {
    assert.equal(
      names.filter((name) => name.endsWith(part) && !(part === 'gappy' && name.includes('indicator'))).length,
      1,
      part,
    );
  }
  assert.equal(names.filter((name) => /quarter_(?:north|south|west)$/.test(name)).length, 3);
});

test('later tables may have gaps, unknown levels and dates that training had not', async () => {
  const { specification, features } = prepareTable(mixed, ridge());
  const model = await specification.fit(mixed.select(features), y);
  const later = Frame.fromColumns({
    area: [null, 100],
    gappy: [1, null],
    heated: [null, true],
    quarter: ['east', null],
    side: ['top', 'left'],
    sold: [new Date('2031-05-01'), null],
  });
  assert.ok((await model.predict(later)).every(Number.isFinite));
});

test('levels beyond fifty share a column, so do those of few rows in long tables', async () => {
  const many = 1200;
  const city = Array.from({ length: many }, (_, i) => (i < 1000 ? `big${i % 80}` : `big0`));
  const x = Frame.fromColumns({ city, size: city.map((_, i) => (i * 7) % 13) });
  const fitted = await prepareTable(x, ridge()).specification.fit(
    x,
    city.map((_, i) => i % 5),
  );
  const names = (fitted as unknown as { featureNamesOut: string[] }).featureNamesOut.filter((name) =>
    name.includes('city'),
  );
  assert.equal(names.length, 50);
  assert.equal(names.filter((name) => name.endsWith('infrequent')).length, 1);
});

test('a table whose only feature looks like an identifier is learned from nevertheless', () => {
  const x = Frame.fromColumns({ x: Array.from({ length: 100 }, (_, i) => i) });
  assert.deepEqual(prepareTable(x, ridge()).features, ['x']);
});

test('a table without any usable column is refused with the reason of each', () => {
  const x = Frame.fromColumns({ same: cells(() => 1), none: cells(() => null) });
  assert.throws(
    () => prepareTable(x, ridge()),
    /'same' has the same value in every row; 'none' has no value in any row/,
  );
});

test('scaling changes the minimum-norm answer, so a model without a penalty never gets it', async () => {
  const x = Frame.fromColumns({ 面积: [100, 120, 80], 卧室数量: [2, 2, 1], 地理位置: [1, 2, 1] });
  const model = await prepareTable(x, linearRegression()).specification.fit(x, [300, 350, 220]);
  const [price] = await model.predict(Matrix.fromRows([[150, 3, 2]]));
  // The article prints eight decimals.
  assert.ok(Math.abs(price! - 462.45942572) < 1e-8, String(price));
});
