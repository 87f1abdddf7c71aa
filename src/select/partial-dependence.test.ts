import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Frame } from '../core/frame.ts';
import { Matrix } from '../core/matrix.ts';
import type { FittedModel } from '../define/fitted.ts';
import { gradientBoostingRegressor } from '../models/gradient-boosting/gradient-boosting-regressor.ts';
import { kMeans } from '../models/k-means/k-means.ts';
import { linearRegression } from '../models/linear-regression/linear-regression.ts';
import { logisticRegression } from '../models/logistic-regression/logistic-regression.ts';
import { drawPartialDependence } from './draw-partial-dependence.ts';
import { partialDependence } from './partial-dependence.ts';

/** What parity/partial_dependence.py writes. */
const fixture = JSON.parse(
  readFileSync(new URL('../../parity/fixtures/partial-dependence.json', import.meta.url), 'utf8'),
) as {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly classes: readonly number[];
  readonly cases: readonly {
    readonly name: 'linear' | 'two' | 'three';
    readonly features: readonly number[];
    readonly grid: readonly (readonly number[])[];
    readonly average: readonly (readonly number[])[];
    readonly individual: readonly (readonly number[])[];
  }[];
  readonly weighted: readonly number[];
};

const x = Matrix.fromRows(fixture.x);
const tight = { tol: 1e-10, maxIter: 10_000 };
const models: Readonly<Record<string, Promise<FittedModel>>> = {
  linear: linearRegression().fit(x, fixture.y),
  two: logisticRegression(tight).fit(
    x,
    fixture.y.map((value) => (value > 0 ? 1 : 0)),
  ),
  three: logisticRegression(tight).fit(x, fixture.classes),
};

/** Both solve to a gradient of about 1e-10; probabilities follow the coefficients. */
function close(found: number, wanted: number): void {
  assert.ok(Math.abs(found - wanted) < 1e-6, `${found} ≠ ${wanted}`);
}

const settings: readonly object[] = [
  { gridResolution: 7 },
  {},
  { gridResolution: 4 },
  { gridResolution: 5, percentiles: [0, 1] },
  { gridResolution: 6 },
  { gridResolution: 6 },
];

for (const [c, { name, features, grid, average, individual }] of fixture.cases.entries()) {
  test(`the dependence on columns ${features} is scikit-learn's: ${name}, case ${c}`, async () => {
    const model = await models[name]!;
    const found = await partialDependence(model, x, {
      features: features as [number, number],
      individual: true,
      ...settings[c],
    });
    assert.deepEqual(
      found.grid.map(({ length }) => length),
      grid.map(({ length }) => length),
    );
    for (const [j, values] of grid.entries())
      for (const [i, value] of values.entries())
        assert.ok(Math.abs((found.grid[j]![i] as number) - value) < 1e-12);
    for (const [l, row] of average.entries())
      for (const [i, value] of row.entries()) close(found.average.at(l, i), value);
    // scikit-learn's individual curves of three classes are those of its first class.
    for (const [i, row] of individual.entries())
      for (const [k, value] of row.entries()) close(found.individual!.at(i, k), value);
  });
}

test('weights count in the mean', async () => {
  const found = await partialDependence((await models.two)!, x, {
    features: 0,
    gridResolution: 6,
    sampleWeight: fixture.y.map((_, i) => 1 + (i % 3)),
  });
  for (const [i, value] of fixture.weighted.entries()) close(found.average.at(0, i), value);
});

test('categories and booleans are shown at each of their values, and drawn', async () => {
  const rows = 120;
  const cities = ['绍兴', 'Graz', 'Lyon'];
  const frame = new Frame(
    [
      ['city', { kind: 'string', codes: Int32Array.from({ length: rows }, (_, i) => i % 3), levels: cities }],
      ['new', { kind: 'boolean', values: Uint8Array.from({ length: rows }, (_, i) => (i >> 1) % 2) }],
      ['area', { kind: 'number', values: Float64Array.from({ length: rows }, (_, i) => 40 + (i % 17)) }],
    ],
    rows,
  );
  const y = Float64Array.from({ length: rows }, (_, i) => 100 * (i % 3) + 10 * ((i >> 1) % 2) + (i % 17));
  const model = await gradientBoostingRegressor({ minSamplesLeaf: 2, minDataPerGroup: 1, catSmooth: 0 }).fit(
    frame,
    y,
  );
  const city = await partialDependence(model, frame, { features: 'city' });
  assert.deepEqual(city.grid, [cities]);
  assert.ok(city.average.at(0, 0) < city.average.at(0, 1) && city.average.at(0, 1) < city.average.at(0, 2));
  const pair = await partialDependence(model, frame, { features: ['city', 'new'] });
  assert.deepEqual([pair.grid[1], pair.average.columns], [[false, true], 6]);
  for (let i = 0; i < 3; i++) assert.ok(pair.average.at(0, 2 * i) < pair.average.at(0, 2 * i + 1));
  const area = await partialDependence(model, frame, { features: 'area' });
  for (const dependence of [city, pair, area]) {
    const svg = await drawPartialDependence(dependence, { outputName: 'price' });
    assert.match(svg, /^<svg[\s\S]*price over (city|area)/);
  }
  // The table itself is left as it is.
  assert.equal(frame.column('city').kind, 'string');
  assert.equal((frame.column('area') as { values: Float64Array }).values[5], 45);
});

test('what cannot be shown is refused by name', async () => {
  const model = (await models.linear)!;
  await assert.rejects(partialDependence(model, x, { features: 9 }), /features names 9/);
  await assert.rejects(partialDependence(model, x, { features: 0, percentiles: [0.9, 0.1] }), /percentiles/);
  await assert.rejects(partialDependence(model, x, { features: 0, sampleWeight: [1] }), /60 numbers/);
  await assert.rejects(
    partialDependence(model, x, { features: 0, gridResolutoin: 3 } as never),
    /gridResolution/,
  );
  const clusters = (await kMeans({ nClusters: 2 }).fit(x)) as never;
  await assert.rejects(partialDependence(clusters, x, { features: 0 }), { code: 'model/no-method' });
});
