import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { runExported } from '../../tensor/onnx/run-exported.fixture.ts';
import { kNeighborsClassifier } from './k-neighbors-classifier.ts';
import { kNeighborsRegressor } from './k-neighbors-regressor.ts';

interface Case {
  readonly data: string;
  readonly split: number;
  readonly options: {
    readonly n_neighbors?: number;
    readonly weights?: 'distance';
    readonly metric?: 'manhattan' | 'chebyshev' | 'minkowski' | 'cosine';
    readonly p?: number;
  };
  readonly predictions?: number[][];
  readonly probabilities?: number[][];
  readonly labels?: number[];
}

const fixture: {
  readonly data: Readonly<Record<string, { readonly x: number[][]; readonly y: number[] }>>;
  readonly cases: readonly Case[];
} = JSON.parse(readFileSync(new URL('../../../parity/fixtures/neighbours.json', import.meta.url), 'utf8'));

for (const { data, split, options, ...expected } of fixture.cases) {
  const { x, y } = fixture.data[data]!;
  const ours = {
    nNeighbors: options.n_neighbors ?? 5,
    weights: options.weights ?? 'uniform',
    metric: options.metric ?? 'minkowski',
    p: options.p ?? 2,
  } as const;
  const canTree = ours.metric !== 'cosine' && ours.p <= 2;
  for (const algorithm of canTree ? (['brute', 'kd-tree'] as const) : (['auto'] as const)) {
    test(`predictions are scikit-learn's on ${data} by ${algorithm}, ${JSON.stringify(options)}`, async () => {
      const asked = x.slice(split);
      // Inverse distances amplify the rounding of distances that cancel: of cosines to about 1e-16 / 1e-4.
      const tolerance = ours.metric === 'cosine' ? 1e-9 : 1e-11;
      const close = (actual: Matrix, wanted: number[][]) => {
        wanted.forEach((row, i) => {
          row.forEach((value, j) => {
            const found = actual.at(i, j);
            assert.ok(
              Math.abs(found - value) <= tolerance * Math.max(1, Math.abs(value)),
              `row ${i}: ${found} ≠ ${value}`,
            );
          });
        });
      };
      if (expected.predictions !== undefined) {
        const targets = Matrix.fromRows(y.map((value) => [value, value ** 2 % 97]));
        const rows = Array.from({ length: split }, (_, i) => i);
        const model = await kNeighborsRegressor({ ...ours, algorithm }).fit(
          x.slice(0, split),
          targets.take(rows),
        );
        close((await model.predict(asked)) as unknown as Matrix, expected.predictions);
        return;
      }
      const model = await kNeighborsClassifier({ ...ours, algorithm }).fit(
        x.slice(0, split),
        y.slice(0, split),
      );
      close(await model.predictProba(asked), expected.probabilities!);
      assert.deepEqual(await model.predict(asked), expected.labels);
      assert.equal(model.predictRow(asked[0]!), expected.labels![0]);
    });
  }
}

test('auto takes a tree for many rows of few columns only', async () => {
  const random = new RandomState(0);
  const make = (rows: number, columns: number) => {
    const data = random.fillNormal(new Float64Array(rows * columns));
    return new Matrix({ rows, columns, data });
  };
  const y = (rows: number) => Array.from({ length: rows }, (_, i) => i % 2);
  assert.equal((await kNeighborsClassifier().fit(make(500, 3), y(500))).algorithm, 'kd-tree');
  assert.equal((await kNeighborsClassifier().fit(make(500, 20), y(500))).algorithm, 'brute');
  assert.equal(
    (await kNeighborsClassifier({ metric: 'cosine' }).fit(make(500, 3), y(500))).algorithm,
    'brute',
  );
});

test('of equal votes the first class wins and of equal distances the earlier row counts', async () => {
  const model = await kNeighborsClassifier({ nNeighbors: 2 }).fit([[0], [2], [2], [9]], ['b', 'a', 'b', 'a']);
  assert.deepEqual(await model.predict([[1]]), ['a']);
  const nearest = await kNeighborsRegressor({ nNeighbors: 1 }).fit([[3], [1], [1], [3]], [10, 20, 30, 40]);
  assert.deepEqual(Array.from(await nearest.predict([[2], [1], [3]])), [10, 20, 10]);
});

test('rows at distance 0 alone count when weighted by distance', async () => {
  const model = await kNeighborsRegressor({ nNeighbors: 3, weights: 'distance' }).fit(
    [[1], [1], [4]],
    [2, 4, 100],
  );
  assert.deepEqual(Array.from(await model.predict([[1]])), [3]);
  assert.equal(model.predictRow([1]), 3);
});

test('the same bits come from any number of threads', async () => {
  const random = new RandomState(1);
  for (const columns of [4, 30]) {
    const data = random.fillNormal(new Float64Array(2000 * columns));
    const x = new Matrix({ rows: 2000, columns, data });
    const y = Float64Array.from({ length: 2000 }, (_, i) => data[i * columns]!);
    const results = await Promise.all(
      [1, 2, 3].map(async (threads) => {
        const model = await kNeighborsRegressor({ weights: 'distance' }).fit(x, y, { threads });
        return [model.state, await model.predict(x, { threads })];
      }),
    );
    for (const other of results.slice(1)) assert.deepEqual(other, results[0]);
  }
});

test('rows fewer than neighbours, a tree that cannot prune and missing values are refused by name', async () => {
  await assert.rejects(kNeighborsClassifier().fit([[1], [2], [3]], ['a', 'b', 'a']), {
    code: 'data/too-few-rows',
    message: /looks for 5 neighbours, but x has only 3 rows/,
  });
  assert.throws(() => kNeighborsRegressor({ algorithm: 'kd-tree', metric: 'cosine' }), {
    message: /'kd-tree' .* 'cosine'/,
  });
  assert.throws(() => kNeighborsRegressor({ algorithm: 'kd-tree', p: 3 }), { message: /p = 3/ });
  assert.throws(() => kNeighborsClassifier({ p: 0.5 }), { code: 'option/invalid' });
  const rows = [
    { a: 1, b: 1 },
    { a: 2, b: null },
    { a: 3, b: 3 },
  ];
  await assert.rejects(kNeighborsRegressor({ nNeighbors: 1 }).fit(rows, [1, 2, 3]), {
    message: /'b' has a missing value \(row 1\)/,
  });
});

test('constant columns and repeated rows are no trouble to a tree', async () => {
  const x = Array.from({ length: 400 }, (_, i) => [7, i % 3, 7]);
  const y = x.map(([, v]) => v!);
  const model = await kNeighborsRegressor({ algorithm: 'kd-tree' }).fit(x, y);
  assert.deepEqual(
    Array.from(
      await model.predict([
        [7, 2, 7],
        [0, 0.4, 0],
      ]),
    ),
    [2, 0],
  );
});

test('10⁵ classes are fitted and predicted, in memory that does not grow with rows times classes', async () => {
  const rows = 100_000;
  const x = new Matrix({ rows, columns: 1, data: Float64Array.from({ length: rows }, (_, i) => i) });
  const model = await kNeighborsClassifier({ nNeighbors: 3, weights: 'distance' }).fit(x, Array.from(x.data));
  assert.deepEqual(await model.predict(x), Array.from(x.data));
});

test('predict takes the class of the largest probability, the first of equals', async () => {
  const x = Matrix.zeros(120, 2);
  x.data.forEach((_, at) => {
    x.data[at] = (at * 7919) % 13;
  });
  const y = Array.from({ length: 120 }, (_, i) => (i * 31) % 7);
  for (const weights of ['uniform', 'distance'] as const) {
    for (const nNeighbors of [1, 4, 9]) {
      const model = await kNeighborsClassifier({ nNeighbors, weights }).fit(x, y);
      const shares = (await model.predictProba(x)).toRows();
      assert.deepEqual(
        await model.predict(x),
        shares.map((row) => model.classes[row.indexOf(Math.max(...row))]),
      );
    }
  }
});

test('the graph of haversine neighbours gives what predict gives, from next to each other to opposite points', async () => {
  const random = new RandomState(4);
  const places = (rows: number) => {
    const x = Matrix.zeros(rows, 2);
    for (let i = 0; i < rows; i++) x.setRow(i, [Math.asin(random.uniform(-1, 1)), random.uniform(-3, 3)]);
    return x;
  };
  const x = places(40);
  const y = Array.from({ length: 40 }, (_, i) => (i * 17) % 11);
  // All rows have a say, so that distances of all lengths count.
  const model = await kNeighborsRegressor({ nNeighbors: 40, weights: 'distance', metric: 'haversine' }).fit(
    x,
    y,
  );
  const asked = places(30);
  asked.setRow(0, [-x.at(3, 0), x.at(3, 1) - Math.PI]);
  asked.setRow(1, [x.at(5, 0) + 1e-9, x.at(5, 1)]);
  const [expected, { prediction }] = [await model.predict(asked), await runExported(model, asked)];
  // Distances are within some 1e-14 of each other, but for the nearest of row 1: 1e-9 long, of coordinates near 1.
  prediction!.forEach((value, i) => {
    assert.ok(
      Math.abs((value as number) - expected[i]!) < (i === 1 ? 1e-5 : 1e-12),
      `${i}: ${value} ≠ ${expected[i]}`,
    );
  });
});
