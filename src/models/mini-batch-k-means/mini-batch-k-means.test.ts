import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { kMeans } from '../k-means/k-means.ts';
import { miniBatchKMeans } from './mini-batch-k-means.ts';

const fixture: {
  readonly data: Readonly<Record<string, number[][]>>;
  readonly batches: readonly {
    readonly data: string;
    readonly options: {
      readonly n_clusters: number;
      readonly random_state: number;
      readonly batch_size: number;
      readonly init?: 'random';
      readonly n_init?: number;
      readonly tol?: number;
      readonly max_no_improvement?: number | null;
      readonly max_iter?: number;
      readonly reassignment_ratio?: number;
    };
    readonly weighted: boolean;
    readonly labels: number[];
    readonly inertia: number;
    readonly nSteps: number;
    readonly nIter: number;
    readonly centers: number[][];
  }[];
  readonly continued: { readonly centers: number[][]; readonly nSteps: number };
} = JSON.parse(readFileSync(new URL('../../../parity/fixtures/hierarchical.json', import.meta.url), 'utf8'));

const quiet = { onWarning: () => {} };

/** Largest magnitude, which rounding errors are relative to. */
const unitOf = (x: readonly (readonly number[])[]) => Math.max(...x.flat().map(Math.abs));

for (const { data, options, weighted, ...expected } of fixture.batches) {
  test(`batches lead where scikit-learn's do on ${data}${weighted ? ', weighted' : ''}, ${JSON.stringify(options)}`, async () => {
    const x = fixture.data[data]!;
    const model = await miniBatchKMeans({
      nClusters: options.n_clusters,
      randomState: options.random_state,
      batchSize: options.batch_size,
      init: options.init ?? 'k-means++',
      nInit: options.n_init ?? 'auto',
      tol: options.tol ?? 0,
      maxNoImprovement: options.max_no_improvement === undefined ? 10 : options.max_no_improvement,
      maxIter: options.max_iter ?? 100,
      reassignmentRatio: options.reassignment_ratio ?? 0.01,
    }).fit(x, { ...quiet, sampleWeight: weighted ? x.map((_, i) => (((3 * i) % 7) + 1) / 4) : undefined });
    assert.equal(model.nSteps, expected.nSteps);
    assert.equal(model.nIter, expected.nIter);
    assert.deepEqual(Array.from(model.labels), expected.labels);
    const unit = unitOf(x);
    expected.centers.forEach((center, c) => {
      center.forEach((value, j) => {
        // Hundreds of steps, each rounded; scikit-learn does not centre the columns first.
        assert.ok(
          Math.abs(model.clusterCenters.at(c, j) - value) <= 1e-11 * unit,
          `centre ${c}, column ${j}`,
        );
      });
    });
    // Sums in another order; of rows far from the origin scikit-learn's squares cancel.
    assert.ok(
      Math.abs(model.inertia - expected.inertia) <= 1e-9 * expected.inertia + 1e-15 * unit * unit * x.length,
    );
    assert.deepEqual(await model.predict(x), model.labels);
  });
}

test('a fit that continues takes the rows as further batches, as partial_fit does', async () => {
  const x = fixture.data.wine!;
  const specification = miniBatchKMeans({ nClusters: 3, batchSize: 30, reassignmentRatio: 0, maxIter: 2 });
  const first = await specification.fit(x, quiet);
  const later = await specification.fit([...x].reverse(), { from: first });
  assert.equal(later.nSteps, fixture.continued.nSteps);
  fixture.continued.centers.forEach((center, c) => {
    // As above.
    for (const [j, value] of center.entries()) {
      assert.ok(Math.abs(later.clusterCenters.at(c, j) - value) < 1e-12);
    }
  });
  // The same in three fits: a batch is a batch.
  let model = first;
  for (const at of [0, 30, 60]) {
    model = await specification.fit([...x].reverse().slice(at, at + 30), { from: model });
  }
  assert.deepEqual(model.clusterCenters, later.clusterCenters);
  assert.deepEqual(model.counts, later.counts);
  assert.notDeepEqual(first.clusterCenters, later.clusterCenters);
});

test('later rows may lie far outside what was seen', async () => {
  const specification = miniBatchKMeans({ nClusters: 2, reassignmentRatio: 0 });
  const first = await specification.fit([[0], [1], [10], [11]], quiet);
  const later = await specification.fit([[1e9], [1e9 + 2]], { from: first });
  assert.deepEqual(
    Array.from(later.labels),
    [0, 0].map(() => later.labels[0]!),
  );
  const [low, high] = [0, 1].map((c) => later.clusterCenters.at(c, 0)).sort((a, b) => a - b);
  assert.ok(low! < 2 && high! > 1e7);
});

test('many rows get nearly the clusters of k-means, on any number of threads', async () => {
  const random = new RandomState(4);
  const x = Matrix.zeros(8000, 6);
  for (let i = 0; i < x.data.length; i++) {
    x.data[i] = random.standardNormal() + 8 * (((Math.floor(i / 6) % 4) >> (i % 2)) & 1);
  }
  const [one, ...others] = await Promise.all(
    [1, 2, 3].map((threads) => miniBatchKMeans({ nClusters: 4 }).fit(x, { ...quiet, threads })),
  );
  for (const other of others) assert.deepEqual(other.state, one!.state);
  const whole = await kMeans({ nClusters: 4 }).fit(x);
  assert.ok(one!.inertia < 1.02 * whole.inertia);
});

test('what cannot be clustered is refused by name', async () => {
  await assert.rejects(miniBatchKMeans({ nClusters: 4 }).fit([[1], [2], [3]]), { code: 'data/too-few-rows' });
  assert.throws(() => miniBatchKMeans({ nClusters: 3, init: [[1], [2]] }), { code: 'option/invalid' });
  await assert.rejects(
    miniBatchKMeans({ nClusters: 2, init: [[1], [2]] }).fit([
      [1, 2],
      [3, 4],
    ]),
    {
      message: /1 columns, but x has 2/,
    },
  );
  const first = await miniBatchKMeans({ nClusters: 2 }).fit([[1], [2], [3]], quiet);
  await assert.rejects(miniBatchKMeans({ nClusters: 3 }).fit([[1], [2], [3]], { from: first }), {
    code: 'option/invalid',
    message: /has 2 clusters, but nClusters is 3/,
  });
});
