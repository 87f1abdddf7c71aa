import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frame } from '../../core/frame.ts';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { runExported } from '../../tensor/onnx/run-exported.fixture.ts';
import { pca } from '../pca/pca.ts';
import { autoencoder } from './autoencoder.ts';
import { reconstructionError } from './reconstruction-error.ts';

const quiet = { onWarning: () => {} };

/** Points of a curve in five columns, in very different units, with little noise. */
function curve(rows: number, seed = 0): Matrix {
  const random = new RandomState(seed);
  const data = Float64Array.from({ length: rows }, () => random.uniform(-1.5, 1.5)).reduce<number[]>(
    (all, t) => {
      const noise = () => 0.02 * random.standardNormal();
      all.push(
        1000 * (t + noise()),
        t * t + noise(),
        5 + 0.01 * (Math.sin(3 * t) + noise()),
        t ** 3 + noise(),
        Math.cos(2 * t) + noise(),
      );
      return all;
    },
    [],
  );
  return new Matrix({ rows, columns: 5, data: Float64Array.from(data), names: ['a', 'b', 'c', 'd', 'e'] });
}

const options = { nComponents: 1, hiddenLayerSizes: [32], learningRateInit: 0.01, maxIter: 150 };

test('a curve is restored from one number, far better than from a straight line', async () => {
  const x = curve(300);
  const model = await autoencoder({ ...options, activation: 'tanh' }).fit(x, undefined, quiet);
  const fresh = curve(100, 1);
  const errors = await reconstructionError(model, fresh);
  const mean = errors.reduce((sum, error) => sum + error, 0) / 100;
  const { scale } = model.state as { scale: Float64Array };
  const unit = (m: Matrix) =>
    new Matrix({ ...m, rows: m.rows, columns: 5, data: m.data.map((v, i) => v / scale[i % 5]!) } as never);
  const line = await pca({ nComponents: 1 }).fit(unit(x));
  const restored = (await line.inverseTransform(await line.transform(unit(fresh)))) as Matrix;
  const lost =
    unit(fresh).data.reduce((sum: number, v: number, i: number) => sum + (v - restored.data[i]!) ** 2, 0) /
    500;
  assert.ok(mean < 0.2 * lost, `${mean} where a line loses ${lost}`);
  assert.equal(model.featureNamesOut.length, 1);
  assert.deepEqual(restored.names, x.names);
});

test('rows unlike those of training have errors beyond all quantiles', async () => {
  const model = await autoencoder({ ...options, validationFraction: 0.1 }).fit(curve(300), undefined, quiet);
  const strange = Frame.fromRecords([{ e: 1, d: -3, c: 5.01, b: 2, a: 1400 }]);
  const [error] = await reconstructionError(model, strange);
  const { q50, q99, q100 } = model.errorQuantiles;
  assert.ok(q50 < q99 && q99 <= q100);
  assert.ok(error! > 2 * q100, `${error} beside ${q100}`);
  assert.equal(model.validationLossCurve.length, model.nIter);
});

test('an autoencoder that learned to undo corruption restores missing numbers better', async () => {
  const x = curve(400);
  const wide = { ...options, nComponents: 3, maxIter: 100 };
  const plain = await autoencoder(wide).fit(x, undefined, quiet);
  const denoising = await autoencoder({ ...wide, corruption: 0.2 }).fit(x, undefined, quiet);
  const fresh = curve(100, 2);
  const { mean, scale } = plain.state as { mean: Float64Array; scale: Float64Array };
  // The second column is replaced by its mean.
  const spoiled = new Matrix({
    rows: 100,
    columns: 5,
    data: fresh.data.map((v, i) => (i % 5 === 1 ? mean[1]! : v)),
  });
  const lost = async (model: typeof plain) => {
    const restored = (await model.inverseTransform(await model.transform(spoiled))) as Matrix;
    return fresh.data.reduce((sum, v, i) => sum + ((v - restored.data[i]!) / scale[i % 5]!) ** 2, 0);
  };
  const [without, having] = [await lost(plain), await lost(denoising)];
  assert.ok(having < 0.7 * without, `${having} beside ${without}`);
});

test('codes of another width are refused', async () => {
  const model = await autoencoder({ ...options, maxIter: 1 }).fit(curve(20), undefined, quiet);
  await assert.rejects(model.inverseTransform([[1, 2]]), {
    code: 'data/column-count',
    message: /1 numbers.*2 columns/,
  });
});

test('codes of a variational autoencoder are about standard normal, and what such codes decode to is like the training rows', async () => {
  const x = curve(400);
  const how = { ...options, activation: 'tanh', maxIter: 250, nIterNoChange: 250 } as const;
  const model = await autoencoder({ ...how, variational: true, beta: 0.1 }).fit(x, undefined, quiet);
  const codes = (await model.transform(x)) as Matrix;
  assert.equal(codes.columns, 1);
  const mean = codes.data.reduce((sum, code) => sum + code, 0) / 400;
  const variance = codes.data.reduce((sum, code) => sum + (code - mean) ** 2, 0) / 400;
  assert.ok(Math.abs(mean) < 0.5 && variance > 0.5 && variance < 3, `mean ${mean}, variance ${variance}`);
  const random = new RandomState(1);
  const rows = (await model.inverseTransform(
    Array.from({ length: 50 }, () => [random.standardNormal()]),
  )) as Matrix;
  const { scale } = model.state as { scale: Float64Array };
  const distance = (i: number, k: number) =>
    Math.hypot(...Array.from(scale, (unit, j) => (rows.at(i, j) - x.at(k, j)) / unit));
  const nearest = (i: number) => Math.min(...Array.from({ length: 400 }, (_, k) => distance(i, k)));
  const average = Array.from({ length: 50 }, (_, i) => nearest(i)).reduce((a, b) => a + b) / 50;
  // Two training rows are 3 apart on average.
  assert.ok(average < 1, `${average} to the nearest training row`);
});

/** 7 × 6 pictures of a bright spot of 3 × 3 somewhere. */
function spots(rows: number, seed: number): Matrix {
  const random = new RandomState(seed);
  const data = new Float64Array(rows * 42);
  for (let i = 0; i < rows; i++) {
    const [top, left] = [random.randint(5), random.randint(4)];
    for (let k = 0; k < 9; k++)
      data[42 * i + 6 * (top + Math.floor(k / 3)) + left + (k % 3)] = 1 + 0.1 * random.standardNormal();
  }
  return new Matrix({ rows, columns: 42, data });
}

test('convolutions encode and decode pictures of odd sizes, are exported, and tell other pictures by their error', async () => {
  const model = await autoencoder({
    ...{ nComponents: 4, filters: [8, 8], inputShape: [1, 7, 6], hiddenLayerSizes: [32] },
    ...{ learningRateInit: 0.005, batchSize: 32, maxIter: 30, nIterNoChange: 30 },
  }).fit(spots(240, 0), undefined, quiet);
  const fresh = spots(60, 1);
  const codes = (await model.transform(fresh)) as Matrix;
  assert.deepEqual([codes.rows, codes.columns, model.nComponents], [60, 4, 4]);
  const errors = await reconstructionError(model, fresh);
  const mean = errors.reduce((sum, error) => sum + error, 0) / 60;
  // Pixels are standardised as a whole, so that restoring the mean alone would have an error of about 1.
  assert.ok(mean < 0.5, `${mean}`);
  // A frame around the picture is no spot.
  const frame = Array.from({ length: 42 }, (_, at) =>
    Number(at % 6 === 0 || at % 6 === 5 || at < 6 || at > 35),
  );
  const [strange] = await reconstructionError(model, [frame]);
  assert.ok(strange! > 2 * model.errorQuantiles.q95, `${strange} beside ${model.errorQuantiles.q95}`);

  const exported = await runExported(model as never, fresh);
  const [found] = Object.values(exported).filter((values) => values.length === codes.data.length);
  // Both compute in float32, with other operators.
  for (const [i, value] of found!.entries())
    assert.ok(Math.abs((value as number) - codes.data[i]!) < 1e-4, `${i}: ${value} and ${codes.data[i]}`);
  // A row has the same code by itself.
  assert.deepEqual(((await model.transform(fresh.take([7]))) as Matrix).data, codes.data.slice(28, 32));
});

test('signals of several channels are convolved along their length, variationally and from corrupted rows too', async () => {
  const random = new RandomState(0);
  const data = new Float64Array(120 * 18);
  for (let i = 0; i < 120; i++) {
    const phase = random.uniform(0, 6);
    for (let t = 0; t < 9; t++) {
      data[18 * i + t] = 100 * Math.sin(t + phase);
      data[18 * i + 9 + t] = Math.cos(t + phase);
    }
  }
  const x = new Matrix({ rows: 120, columns: 18, data });
  const model = await autoencoder({
    ...{ nComponents: 2, filters: [6], inputShape: [2, 9], hiddenLayerSizes: [16], activation: 'tanh' },
    ...{
      variational: true,
      beta: 0.05,
      corruption: 0.05,
      learningRateInit: 0.01,
      batchSize: 32,
      maxIter: 80,
      nIterNoChange: 80,
    },
  }).fit(x, undefined, quiet);
  const codes = (await model.transform(x)) as Matrix;
  assert.equal(codes.columns, 2);
  const errors = await reconstructionError(model, x);
  // Both channels count alike in spite of their units; the mean alone has an error of 1.
  const mean = errors.reduce((sum, error) => sum + error, 0) / 120;
  assert.ok(mean < 0.4, `${mean}`);
});

test('columns that do not make up the shape of a picture are refused', async () => {
  await assert.rejects(autoencoder({ filters: [4], inputShape: [3, 4, 4] }).fit(curve(8), undefined, quiet), {
    code: 'data/column-count',
    message: /row of 5 columns cannot take the inputShape \[3, 4, 4\]/,
  });
});
