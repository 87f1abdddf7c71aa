import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { adjustedRandScore } from '../../metrics/clustering.ts';
import { agglomerative } from './agglomerative.ts';

interface Options {
  readonly n_clusters: number | null;
  readonly linkage?: 'ward';
  readonly metric?: 'euclidean';
  readonly distance_threshold?: number;
  readonly compute_full_tree?: boolean;
}

const fixture: {
  readonly data: Readonly<Record<string, number[][]>>;
  readonly models: readonly {
    readonly data: string;
    readonly options: Options;
    readonly labels: number[];
    readonly clusters: number;
  }[];
  readonly graphs: readonly {
    readonly data: string;
    readonly neighbours: number;
    readonly options: Options;
    readonly labels: number[];
    readonly distances: number[];
    readonly components: number;
    readonly distinct: boolean;
  }[];
  readonly precomputed: number[];
} = JSON.parse(readFileSync(new URL('../../../parity/fixtures/hierarchical.json', import.meta.url), 'utf8'));

const quiet = { onWarning: () => {} };
const optionsOf = (options: Options) => ({
  nClusters: options.n_clusters,
  linkage: options.linkage ?? ('ward' as const),
  metric: options.metric ?? ('euclidean' as const),
  distanceThreshold: options.distance_threshold ?? null,
  computeFullTree: options.compute_full_tree ?? ('auto' as const),
});

/** The same numbers; for single linkage other numbers of the same clusters, since scikit-learn leaves the two nodes of a merge unsorted there. */
function assertLabels(labels: Int32Array, expected: readonly number[], options: Options): void {
  if ((options.linkage as string) === 'single')
    assert.equal(adjustedRandScore(expected, Array.from(labels)), 1);
  else assert.deepEqual(Array.from(labels), expected);
}

for (const { data, options, labels, clusters } of fixture.models) {
  test(`the clusters are scikit-learn's on ${data}, ${JSON.stringify(options)}`, async () => {
    const model = await agglomerative(optionsOf(options)).fit(fixture.data[data]!);
    assertLabels(model.labels, labels, options);
    assert.equal(model.nClusters, clusters);
  });
}

for (const { data, neighbours, options, labels, distances, components, distinct } of fixture.graphs) {
  test(`along a graph of ${neighbours} neighbours the merges are scikit-learn's on ${data}, ${JSON.stringify(options)}`, async () => {
    const model = await agglomerative({ ...optionsOf(options), connectivity: neighbours }).fit(
      fixture.data[data]!,
      quiet,
    );
    assert.equal(model.nConnectedComponents, components);
    assert.equal(model.children.rows, distances.length);
    if (!distinct) return;
    distances.forEach((distance, k) => {
      // Sums in another order.
      assert.ok(Math.abs(model.distances![k]! - distance) <= 1e-10 * distance, `merge ${k}`);
    });
    assertLabels(model.labels, labels, options);
  });
}

test('a matrix of distances gives the clusters of the rows it comes from', async () => {
  const x = fixture.data.wine!;
  const distances = x.map((a) => x.map((b) => a.reduce((sum, value, j) => sum + Math.abs(value - b[j]!), 0)));
  const options = { nClusters: 4, linkage: 'average' as const };
  const model = await agglomerative({ ...options, metric: 'precomputed' }).fit(distances);
  assert.deepEqual(Array.from(model.labels), fixture.precomputed);
  const rows = await agglomerative({ ...options, metric: 'manhattan' }).fit(x);
  assert.deepEqual(model.labels, rows.labels);
  const single = { nClusters: 4, linkage: 'single' as const };
  assert.deepEqual(
    (await agglomerative({ ...single, metric: 'precomputed' }).fit(distances)).children,
    (await agglomerative({ ...single, metric: 'manhattan' }).fit(x)).children,
  );
});

test('pairs of rows connect as neighbours do, in whatever order and however often they are given', async () => {
  const x = Array.from({ length: 9 }, (_, i) => [i + 0.1 * (i % 2), i * i]);
  const chain = Array.from({ length: 8 }, (_, i) => [i, i + 1] as [number, number]);
  const turned = [...chain, ...chain].map(([a, b]) => [b, a] as [number, number]).reverse();
  for (const linkage of ['ward', 'average', 'complete', 'single'] as const) {
    const one = await agglomerative({ nClusters: 3, linkage, connectivity: chain }).fit(x);
    const other = await agglomerative({ nClusters: 3, linkage, connectivity: turned }).fit(x);
    assert.deepEqual(one.linkageMatrix, other.linkageMatrix);
    // Along a chain, clusters are runs of rows.
    assert.equal(one.labels.filter((label, i) => i > 0 && label !== one.labels[i - 1]).length, 2);
  }
});

test('a graph in parts is joined by the nearest rows, with a warning', async () => {
  const codes: string[] = [];
  const x = [[0], [1], [10], [11], [30], [31]];
  const model = await agglomerative({
    nClusters: 2,
    connectivity: [
      [0, 1],
      [2, 3],
      [4, 5],
    ],
  }).fit(x, { onWarning: ({ code }) => codes.push(code) });
  assert.deepEqual(codes, ['fit/disconnected']);
  assert.equal(model.nConnectedComponents, 3);
  assert.deepEqual(Array.from(model.labels), [0, 0, 0, 0, 1, 1]);
});

test('many rows of ward are clustered without their distances, and found again', async () => {
  const random = new RandomState(1);
  const x = Matrix.zeros(5000, 4);
  const truth = Array.from({ length: 5000 }, (_, i) => i % 5);
  for (const [i, c] of truth.entries()) {
    for (let j = 0; j < 4; j++)
      x.data[4 * i + j] = 6 * ((c >> (j % 3)) & 1) + (c === 4 ? 20 : 0) + random.standardNormal();
  }
  const model = await agglomerative({ nClusters: 5 }).fit(x);
  assert.ok(adjustedRandScore(truth, Array.from(model.labels)) > 0.99);
});

test('what cannot be clustered is refused by name', async () => {
  const rows = [[1], [2], [3]];
  await assert.rejects(agglomerative({ nClusters: 4 }).fit(rows), {
    code: 'data/too-few-rows',
    message: /4 clusters of 3 rows.*at most 3/,
  });
  await assert.rejects(agglomerative().fit([[1]]), { code: 'data/too-few-rows' });
  assert.throws(() => agglomerative({ nClusters: 2, distanceThreshold: 1 }), { code: 'option/conflict' });
  assert.throws(() => agglomerative({ metric: 'cosine' }), { code: 'option/conflict', message: /ward/ });
  assert.throws(() => agglomerative({ distanceThreshold: 1, computeFullTree: false }), {
    code: 'option/conflict',
  });
  await assert.rejects(agglomerative({ connectivity: 3 }).fit(rows), { message: /only 2 other rows/ });
  await assert.rejects(agglomerative({ connectivity: [[0, 7]] }).fit(rows), { message: /rows 0 and 7/ });
  await assert.rejects(agglomerative({ metric: 'cosine', linkage: 'average' }).fit([[1], [0], [2]]), {
    code: 'data/no-direction',
    message: /Row 1 holds only zeros/,
  });
  const precomputed = agglomerative({ metric: 'precomputed', linkage: 'average' });
  await assert.rejects(precomputed.fit(rows), { code: 'data/not-square' });
  await assert.rejects(
    precomputed.fit([
      [0, -1],
      [-1, 0],
    ]),
    { code: 'data/negative-distance', message: /row 0, column 1/ },
  );
  await assert.rejects(agglomerative({ linkage: 'complete' }).fit([[1.7e308], [-1.7e308]]), {
    code: 'data/too-large',
    message: /Column 0/,
  });
  await assert.rejects(agglomerative().fit([[1], [Number.NaN]]), { code: 'data/missing-value' });
});

test('rows that are all equal make one tree at distance 0', async () => {
  for (const linkage of ['ward', 'complete', 'average', 'single'] as const) {
    const model = await agglomerative({ nClusters: 3, linkage }).fit(
      Array.from({ length: 20 }, () => [1, 1]),
    );
    assert.ok(model.distances!.every((distance) => distance === 0));
    assert.equal(new Set(model.labels).size, 3);
  }
});
