import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { kMeans } from './k-means.ts';

interface Case {
  readonly data: string;
  readonly options: {
    readonly n_clusters: number;
    readonly random_state: number;
    readonly init?: 'random';
    readonly n_init?: number;
    readonly max_iter?: number;
    readonly tol?: number;
  };
  readonly weighted: boolean;
  readonly labels: number[];
  readonly inertia: number;
  readonly nIter: number;
  readonly centers: number[][];
}

const fixture: {
  readonly data: Readonly<Record<string, number[][]>>;
  readonly cases: readonly Case[];
  readonly relocated: {
    readonly init: number[][];
    readonly labels: number[];
    readonly inertia: number;
    readonly nIter: number;
  };
} = JSON.parse(readFileSync(new URL('../../../parity/fixtures/k-means.json', import.meta.url), 'utf8'));

const quiet = { onWarning: () => {} };

for (const { data, options, weighted, ...expected } of fixture.cases) {
  test(`the clusters are scikit-learn's on ${data}${weighted ? ', weighted' : ''}, ${JSON.stringify(options)}`, async () => {
    const x = fixture.data[data]!;
    const model = await kMeans({
      nClusters: options.n_clusters,
      randomState: options.random_state,
      init: options.init ?? 'k-means++',
      nInit: options.n_init ?? 'auto',
      maxIter: options.max_iter ?? 300,
      tol: options.tol ?? 1e-4,
    }).fit(x, { ...quiet, sampleWeight: weighted ? x.map((_, i) => ((3 * i) % 7) / 4) : undefined });
    assert.deepEqual(Array.from(model.labels), expected.labels);
    assert.equal(model.nIter, expected.nIter);
    // Sums in another order; scikit-learn's centres of the far data carry rounding errors of 1e6.
    const unit = x.flat().reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expected.centers.forEach((center, c) => {
      center.forEach((value, j) => {
        assert.ok(Math.abs(model.clusterCenters.at(c, j) - value) <= 1e-12 * (unit + Math.abs(value)));
      });
    });
    assert.ok(Math.abs(model.inertia - expected.inertia) <= 1e-9 * expected.inertia + 1e-20);
    assert.deepEqual(await model.predict(x), model.labels);
  });
}

test('an empty cluster takes the farthest row, as in scikit-learn', async () => {
  const { init, labels, inertia, nIter } = fixture.relocated;
  const model = await kMeans({ nClusters: 3, init }).fit(fixture.data.iris!);
  assert.deepEqual(Array.from(model.labels), labels);
  assert.equal(model.nIter, nIter);
  // Sums in another order.
  assert.ok(Math.abs(model.inertia - inertia) < 1e-11 * inertia);
});

test('more clusters than distinct rows are reported', async () => {
  const codes: string[] = [];
  const model = await kMeans({ nClusters: 5 }).fit(
    [
      [1, 2],
      [1, 2],
      [3, 4],
      [3, 4],
      [3, 4],
    ],
    {
      onWarning: ({ code }) => codes.push(code),
    },
  );
  assert.deepEqual(codes, ['fit/fewer-clusters']);
  assert.equal(model.inertia, 0);
  assert.equal(model.clusterCenters.rows, 5);
});

test('rows fewer than clusters, a start of another shape and missing values are refused by name', async () => {
  await assert.rejects(kMeans({ nClusters: 4 }).fit([[1], [2], [3]]), {
    code: 'data/too-few-rows',
    message: /4 clusters of 3 rows.*at most 3/,
  });
  assert.throws(() => kMeans({ nClusters: 3, init: [[1], [2]] }), { message: /2 rows, but nClusters is 3/ });
  assert.throws(() => kMeans({ nClusters: 2, init: [[1], [2, 3]] }), { message: /row 1 .* 2 numbers/ });
  await assert.rejects(
    kMeans({ nClusters: 2, init: [[1], [2]] }).fit([
      [1, 2],
      [3, 4],
    ]),
    {
      code: 'option/invalid',
      message: /1 columns, but x has 2/,
    },
  );
  const rows = [
    { a: 1, b: 2 },
    { a: null, b: 3 },
    { a: 2, b: 1 },
  ];
  await assert.rejects(kMeans({ nClusters: 2 }).fit(rows), { message: /'a' has a missing value \(row 1\)/ });
  const far = [[1.7e308], [1.7e308], [1.7e308], [-1.7e308]];
  await assert.rejects(kMeans({ nClusters: 2 }).fit(far), { code: 'data/too-large', message: /Column 0/ });
});

test('a run that does not settle says so', async () => {
  const codes: string[] = [];
  const model = await kMeans({ nClusters: 8, maxIter: 1 }).fit(fixture.data.digits!, {
    onWarning: ({ code }) => codes.push(code),
  });
  assert.deepEqual([codes, model.converged, model.nIter], [['fit/not-converged'], false, 1]);
});

test('many rows on any number of threads get the labels that plain arithmetic gives', async () => {
  const random = new RandomState(3);
  const x = Matrix.zeros(20_000, 5);
  // Whole numbers: many rows lie exactly between two centres.
  for (let i = 0; i < x.data.length; i++) x.data[i] = random.randint(0, 4);
  const options = { nClusters: 7, init: Array.from({ length: 7 }, (_, c) => Array.from(x.row(c))), tol: 0 };
  const [one, ...others] = await Promise.all(
    [1, 2, 3].map((threads) => kMeans(options).fit(x, { ...quiet, threads })),
  );
  for (const other of others) assert.deepEqual(other.state, one!.state);
  assert.deepEqual(await one!.predict(x), one!.labels);
  const few = x.take(Array.from({ length: 40 }, (_, i) => 499 * i));
  const labels = await one!.predict(few);
  assert.deepEqual(
    labels,
    Int32Array.from({ length: 40 }, (_, i) => one!.labels[499 * i]!),
  );
});
