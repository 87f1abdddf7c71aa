import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { kNeighborsClassifier } from './k-neighbors-classifier.ts';
import { neighborSearch } from './neighbor-search.ts';

type Distance = (a: ArrayLike<number>, b: ArrayLike<number>) => number;
const each = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a, (value, j) => Math.abs(value - b[j]!));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** By the formulas. */
const formulas = {
  euclidean: (a, b) => Math.sqrt(sum(each(a, b).map((d) => d * d))),
  manhattan: (a, b) => sum(each(a, b)),
  chebyshev: (a, b) => Math.max(...each(a, b)),
  cosine: (a, b) => {
    const dot = (u: ArrayLike<number>, v: ArrayLike<number>) =>
      sum(Array.from(u, (value, j) => value * v[j]!));
    return 1 - dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  },
  haversine: ([p, q], [r, s]) => {
    const [u, v] = [Math.sin((r! - p!) / 2), Math.sin((s! - q!) / 2)];
    return 2 * Math.asin(Math.sqrt(u * u + Math.cos(p!) * Math.cos(r!) * v * v));
  },
} satisfies Record<string, (a: number[], b: number[]) => number>;

function points(rows: number, seed: number, isAngle: boolean): Matrix {
  const random = new RandomState(seed);
  const x = Matrix.zeros(rows, 2);
  for (let i = 0; i < rows; i++) {
    x.setRow(
      i,
      isAngle
        ? [Math.asin(random.uniform(-1, 1)), random.uniform(-Math.PI, Math.PI)]
        : [random.standardNormal() + 3, random.standardNormal()],
    );
  }
  return x;
}

for (const [name, formula] of Object.entries(formulas)) {
  for (const algorithm of ['kd-tree', 'ball-tree', 'brute'] as const) {
    if (name === 'cosine' && algorithm !== 'brute') continue;
    test(`the rows within a radius, and the nearest, are those of the formula: ${name}, ${algorithm}`, async () => {
      const distance = formula as unknown as Distance;
      const [x, asked] = [points(400, 1, name === 'haversine'), points(60, 2, name === 'haversine')];
      const metric = name as keyof typeof formulas;
      const search = await neighborSearch(x, { metric, algorithm });
      assert.equal(search.algorithm, algorithm);
      const radius = name === 'cosine' ? 0.003 : 0.4;
      const within = await search.radiusNeighbors(asked, { radius });
      const nearest = await search.kneighbors(asked, { nNeighbors: 4 });
      for (let i = 0; i < asked.rows; i++) {
        const all = Array.from({ length: x.rows }, (_, row) => ({
          row,
          d: distance(asked.row(i), x.row(row)),
        }));
        all.sort((a, b) => a.d - b.d || a.row - b.row);
        const near = all.filter(({ d }) => d <= radius);
        assert.deepEqual(
          Array.from(within.indices[i]!),
          near.map(({ row }) => row),
        );
        near.forEach(({ d }, k) => {
          // A few roundings; a cosine is 1 minus a number near 1.
          assert.ok(Math.abs(within.distances[i]![k]! - d) < 1e-13);
        });
        for (let k = 0; k < 4; k++) {
          assert.equal(nearest.indices.at(i, k), all[k]!.row);
          assert.ok(Math.abs(nearest.distances.at(i, k) - all[k]!.d) < 1e-13);
        }
      }
    });
  }
}

test('a radius takes the rows exactly on it, and 0 takes equal rows only', async () => {
  const search = await neighborSearch([[0], [0.1], [0.3], [0.3]], { metric: 'manhattan' });
  const { indices, distances } = await search.radiusNeighbors([[0], [0.3]], { radius: 0.3 });
  assert.deepEqual(
    indices.map((rows) => Array.from(rows)),
    [
      [0, 1, 2, 3],
      [2, 3, 1, 0],
    ],
  );
  assert.equal(distances[0]![3], 0.3);
  const none = await search.radiusNeighbors([[0.3], [5]], { radius: 0 });
  assert.deepEqual(
    none.indices.map((rows) => Array.from(rows)),
    [[2, 3], []],
  );
});

test('many queries give the same on any number of threads', async () => {
  const [x, asked] = [points(3000, 3, false), points(700, 4, false)];
  const search = await neighborSearch(x, { algorithm: 'brute' });
  const [one, two] = await Promise.all(
    [1, 3].map((threads) => search.radiusNeighbors(asked, { radius: 0.2, threads })),
  );
  assert.deepEqual(one, two);
});

test('cities are found by their way on the earth, across the date line too', async () => {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  // Zürich, Bern, Auckland, Suva, Apia.
  const cities = [
    [47.37, 8.54],
    [46.95, 7.45],
    [-36.85, 174.76],
    [-18.14, 178.44],
    [-13.83, -171.76],
  ].map((city) => city.map(radians));
  const search = await neighborSearch(cities, { metric: 'haversine' });
  const { indices, distances } = await search.kneighbors([cities[3]!, cities[0]!], { nNeighbors: 2 });
  assert.deepEqual(Array.from(indices.data), [3, 4, 0, 1]);
  // About 95 km.
  assert.ok(Math.abs(6371 * distances.at(1, 1) - 95) < 2);
  const model = await kNeighborsClassifier({ nNeighbors: 1, metric: 'haversine' }).fit(cities, [
    'CH',
    'CH',
    'NZ',
    'FJ',
    'WS',
  ]);
  assert.deepEqual(await model.predict([[radians(-17), radians(-179.9)]]), ['FJ']);
});

test('what cannot be searched is refused by name', async () => {
  const search = await neighborSearch([
    [1, 2],
    [3, 4],
  ]);
  await assert.rejects(search.kneighbors([[1, 2]]), { code: 'data/too-few-rows' });
  await assert.rejects(search.kneighbors([[1]], { nNeighbors: 1 }), { code: 'data/column-count' });
  await assert.rejects(search.radiusNeighbors([[1, 2]], { radius: -1 }), { code: 'option/invalid' });
  await assert.rejects(neighborSearch([[1], [2]], { metric: 'haversine' }), {
    code: 'data/column-count',
    message: /latitude/,
  });
  await assert.rejects(neighborSearch([[1], [Number.NaN]]), { code: 'data/missing-value' });
  await assert.rejects(neighborSearch([[1]], { metric: 'cosine', algorithm: 'kd-tree' }), {
    code: 'option/invalid',
  });
});
