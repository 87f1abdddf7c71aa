import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { Team } from '../../kernels/host/team.ts';
import type { Metric } from './metric.ts';
import { nearestNeighbours } from './nearest-neighbours.ts';
import { algorithmOf, hasTree, indexRows } from './neighbour-index.ts';
import { radiusNeighbours } from './radius-neighbours.ts';

const teams = [1, 2, 3].map((threads) => new Team(threads));
after(() => Promise.all(teams.map((team) => team.close())));

const metrics: Metric[] = [
  { name: 'euclidean', p: 2 },
  { name: 'manhattan', p: 2 },
  { name: 'chebyshev', p: 2 },
  { name: 'minkowski', p: 3 },
  { name: 'minkowski', p: 3.5 },
  { name: 'cosine', p: 2 },
];

/** The formulas, all distances, sorted by distance and index. */
function byFormula(x: number[][], query: number[], { name, p }: Metric, k: number) {
  const differences = (row: number[]) => row.map((value, j) => Math.abs(value - query[j]!));
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const norm = (values: number[]) => Math.sqrt(sum(values.map((value) => value * value)));
  const formulas: Record<string, (row: number[]) => number> = {
    euclidean: (row) => norm(differences(row)),
    manhattan: (row) => sum(differences(row)),
    chebyshev: (row) => Math.max(...differences(row)),
    minkowski: (row) => sum(differences(row).map((value) => value ** p)) ** (1 / p),
    cosine: (row) => {
      const lengths = norm(row) * norm(query);
      return lengths === 0 ? 1 : 1 - sum(row.map((value, j) => value * query[j]!)) / lengths;
    },
  };
  const distances = x.map(formulas[name]!);
  const order = distances.map((_, i) => i).sort((a, b) => distances[a]! - distances[b]! || a - b);
  return { indices: order.slice(0, k), distances: order.slice(0, k).map((i) => distances[i]!) };
}

/** `whole` numbers make many equal distances. */
function makeRows(rows: number, columns: number, whole: boolean, seed: number): Matrix {
  const random = new RandomState(seed);
  const x = Matrix.zeros(rows, columns);
  for (let i = 0; i < x.data.length; i++) {
    x.data[i] = whole ? random.randint(0, 4) : 1000 + random.standardNormal() * (1 + (i % columns));
  }
  return x;
}

const shapes = [
  { rows: 700, columns: 3, queries: 1001, k: 5, whole: false },
  { rows: 900, columns: 2, queries: 1200, k: 40, whole: true },
  { rows: 333, columns: 19, queries: 400, k: 1, whole: false },
  { rows: 21, columns: 130, queries: 800, k: 21, whole: false },
];

for (const metric of metrics) {
  for (const { rows, columns, queries, k, whole } of shapes) {
    test(`${k} ${metric.name} neighbours among ${rows} × ${columns}${whole ? ' whole numbers' : ''} are those of the formula by any way`, async () => {
      const x = makeRows(rows, columns, whole, 1);
      const asked = makeRows(queries, columns, whole, 2);
      const table = x.toRows();
      const results = [];
      const trees = (['kd-tree', 'ball-tree'] as const).filter((tree) => hasTree(metric, tree));
      for (const algorithm of ['brute', ...trees] as const) {
        for (const team of teams) {
          const workers = { team, checkpoint() {} };
          const index = await indexRows(workers, x, { metric, algorithm });
          results.push(await nearestNeighbours(workers, index, asked, k));
          const few = asked.take([0, 7, 11]);
          for (let i = 0; i < 3; i++) results.push(await nearestNeighbours(workers, index, few.take([i]), k));
        }
      }
      const [first] = results;
      for (const [r, result] of results.entries()) {
        const rowsOf = r % 4 === 0 ? null : [0, 7, 11][(r % 4) - 1]!;
        const expected =
          rowsOf === null
            ? first!
            : {
                indices: first!.indices.slice(rowsOf * k, (rowsOf + 1) * k),
                distances: first!.distances.slice(rowsOf * k, (rowsOf + 1) * k),
              };
        assert.deepEqual(Array.from(result.indices), Array.from(expected.indices), `indices of result ${r}`);
        assert.deepEqual(
          Array.from(result.distances),
          Array.from(expected.distances),
          `distances of result ${r}`,
        );
      }
      for (let i = 0; i < queries; i += 37) {
        const expected = byFormula(table, Array.from(asked.row(i)), metric, k);
        expected.distances.forEach((distance, j) => {
          // The formulas round in another order; cosines of rows about (1000, 1000, …) cancel to 1e-6 or less.
          const tolerance = metric.name === 'cosine' ? 1e-14 : 1e-13 * Math.max(1, distance);
          assert.ok(
            Math.abs(first!.distances[i * k + j]! - distance) <= tolerance,
            `query ${i}, neighbour ${j}`,
          );
          const gap = Math.abs((expected.distances[j + 1] ?? Infinity) - distance);
          const before = j === 0 ? Infinity : Math.abs(distance - expected.distances[j - 1]!);
          if (j < k - 1 && Math.min(gap, before) > 10 * tolerance) {
            assert.equal(first!.indices[i * k + j], expected.indices[j], `query ${i}, neighbour ${j}`);
          }
        });
      }
    });
  }
}

test('trees with leaves of any size give what brute force gives, nearest and within a radius, also of equal rows', async () => {
  const workers = { team: teams[0]!, threads: 1, checkpoint() {} };
  const table = fc
    .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 4 }))
    .chain(([rows, columns]) =>
      fc
        .array(fc.oneof(fc.integer({ min: -2, max: 2 }), fc.double({ min: -3, max: 3, noNaN: true })), {
          ...{ minLength: rows * columns, maxLength: rows * columns },
        })
        .map((values) => new Matrix({ rows, columns, data: Float64Array.from(values) })),
    );
  const metric = fc.constantFrom(...metrics.filter(({ name }) => name !== 'cosine'), {
    name: 'minkowski',
    p: 1.2,
  } as const);
  await fc.assert(
    fc.asyncProperty(
      table,
      metric,
      fc.integer({ min: 1, max: 40 }),
      fc.nat(),
      async (x, by, leafSize, seed) => {
        const k = 1 + (seed % x.rows);
        const asked = x.take([seed % x.rows, 0, x.rows - 1]);
        asked.data[0]! += (seed % 3) / 2;
        const radius = (seed % 7) / 2;
        const brute = await indexRows(workers, x, { metric: by, algorithm: 'brute' });
        const [nearest, within] = [
          await nearestNeighbours(workers, brute, asked, k),
          await radiusNeighbours(workers, brute, asked, radius),
        ];
        for (const algorithm of (['kd-tree', 'ball-tree'] as const).filter((tree) => hasTree(by, tree))) {
          const index = await indexRows(workers, x, { metric: by, algorithm, leafSize });
          assert.equal(algorithmOf(index), algorithm);
          assert.deepEqual(await nearestNeighbours(workers, index, asked, k), nearest);
          assert.deepEqual(await radiusNeighbours(workers, index, asked, radius), within);
        }
      },
    ),
    { numRuns: 150, seed: 1 },
  );
});

test('auto takes a k-d tree, balls where only they prune, and brute force for many columns, few rows or cosines', async () => {
  const workers = { team: teams[0]!, checkpoint() {} };
  const chosen = async (rows: number, columns: number, metric: Metric) =>
    algorithmOf(await indexRows(workers, makeRows(rows, columns, false, 1), { metric, algorithm: 'auto' }));
  assert.equal(await chosen(500, 3, { name: 'euclidean', p: 2 }), 'kd-tree');
  assert.equal(await chosen(500, 3, { name: 'minkowski', p: 1 }), 'kd-tree');
  assert.equal(await chosen(500, 3, { name: 'minkowski', p: 3 }), 'ball-tree');
  assert.equal(await chosen(500, 2, { name: 'haversine', p: 2 }), 'kd-tree');
  assert.equal(await chosen(500, 16, { name: 'minkowski', p: 3 }), 'brute');
  assert.equal(await chosen(20, 3, { name: 'euclidean', p: 2 }), 'brute');
  assert.equal(await chosen(500, 3, { name: 'cosine', p: 2 }), 'brute');
});

test('a query far beyond the range of float32 finds its neighbours', async () => {
  const workers = { team: teams[0]!, checkpoint() {} };
  const x = makeRows(3000, 4, false, 1);
  const index = await indexRows(workers, x, { metric: metrics[0]!, algorithm: 'brute' });
  const far = new Matrix({
    rows: 400,
    columns: 4,
    data: makeRows(400, 4, false, 5).data.map((v, i) => (i === 8 ? 1e40 : v)),
  });
  const found = await nearestNeighbours(workers, index, far, 3);
  assert.ok(found.indices.every((i) => i >= 0));
  assert.ok(found.distances.every(Number.isFinite));
});

test('rows of zeros are at a right angle to all others by the cosine', async () => {
  const workers = { team: teams[0]!, checkpoint() {} };
  const x = Matrix.fromRows([
    [0, 0],
    [1, 0],
    [-1, 0],
  ]);
  const index = await indexRows(workers, x, { metric: metrics.at(-1)!, algorithm: 'auto' });
  const { distances, indices } = await nearestNeighbours(
    workers,
    index,
    Matrix.fromRows([
      [5, 0],
      [0, 0],
    ]),
    3,
  );
  assert.deepEqual(
    [Array.from(indices.subarray(0, 3)), Array.from(distances)],
    [
      [1, 0, 2],
      [0, 1, 2, 1, 1, 1],
    ],
  );
});
