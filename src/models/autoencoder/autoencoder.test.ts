import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frame } from '../../core/frame.ts';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
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
