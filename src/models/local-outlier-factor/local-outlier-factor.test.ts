import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { runExported } from '../../tensor/onnx/run-exported.fixture.ts';
import { localOutlierFactor } from './local-outlier-factor.ts';

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../parity/fixtures/${name}.json`, import.meta.url), 'utf8'));
const { data }: { readonly data: Readonly<Record<string, number[][]>> } = read('hierarchical');
const cases: readonly {
  readonly data: string;
  readonly options: {
    readonly n_neighbors?: number;
    readonly metric?: 'manhattan';
    readonly contamination?: number;
  };
  readonly labels: number[];
  readonly factors: number[];
  readonly offset: number;
  readonly newLabels: number[];
}[] = read('outliers');

const quiet = { onWarning: () => {} };

for (const { data: name, options, labels, factors, offset, newLabels } of cases) {
  test(`the factors are scikit-learn's on ${name}, ${JSON.stringify(options)}`, async () => {
    const x = data[name]!;
    const model = await localOutlierFactor({
      nNeighbors: options.n_neighbors ?? 20,
      metric: options.metric ?? 'euclidean',
      contamination: options.contamination ?? 'auto',
    }).fit(x, quiet);
    factors.forEach((factor, i) => {
      // scikit-learn's Euclidean distances of points far from the origin come from products that cancel.
      const tolerance = name === 'far' ? 1e-4 : 1e-9;
      assert.ok(
        Math.abs(model.negativeOutlierFactor[i]! - factor) <= tolerance * Math.abs(factor),
        `row ${i}`,
      );
    });
    assert.deepEqual(
      Array.from(model.labels, (label) => (label === 0 ? 1 : -1)),
      labels,
    );
    assert.ok(Math.abs(model.offset - offset) <= (name === 'far' ? 1e-4 : 1e-9) * Math.abs(offset));
    const later = x.map((row) => row.map((value) => value + 0.37));
    assert.deepEqual(
      Array.from(await model.predict(later), (label) => (label === 0 ? 1 : -1)),
      newLabels,
    );
  });
}

test('rows far from all others are outliers, also of a group that is sparser than another', async () => {
  const random = new RandomState(0);
  const x = Matrix.zeros(302, 2);
  for (let i = 0; i < 300; i++) {
    const spread = i % 2 === 0 ? 0.1 : 2;
    x.setRow(i, [(i % 2) * 20 + spread * random.standardNormal(), spread * random.standardNormal()]);
  }
  // As far from the dense group as rows of the sparse one are from each other.
  x.setRow(300, [0, 1.5]);
  x.setRow(301, [40, 0]);
  const [one, ...others] = await Promise.all(
    [1, 2, 3].map((threads) => localOutlierFactor().fit(x, { threads })),
  );
  for (const other of others) assert.deepEqual(other.state, one!.state);
  assert.deepEqual([one!.labels[300], one!.labels[301]], [-1, -1]);
  // Of the 300 others, some at the edges of their groups at most.
  assert.ok(one!.labels.filter((label) => label === -1).length < 40);
});

test('few rows and repeated rows are said to be so', async () => {
  const codes: string[] = [];
  const onWarning = ({ code }: { code: string }) => codes.push(code);
  const model = await localOutlierFactor().fit([[1], [2], [4]], { onWarning });
  assert.equal(model.nNeighbors, 2);
  await localOutlierFactor({ nNeighbors: 3 }).fit(
    [...Array.from({ length: 9 }, () => [0]), [1], [50], [51]],
    { onWarning },
  );
  assert.deepEqual(codes, ['fit/fewer-neighbours', 'fit/repeated-rows']);
  await assert.rejects(localOutlierFactor().fit([[1]]), { code: 'data/too-few-rows' });
  assert.throws(() => localOutlierFactor({ algorithm: 'kd-tree', metric: 'cosine' }), {
    code: 'option/invalid',
  });
});

test('the graph judges rows as predict does, by any metric and by the angle on a sphere', async () => {
  const random = new RandomState(2);
  const angles = (rows: number) => {
    const x = Matrix.zeros(rows, 2);
    for (let i = 0; i < rows; i++) {
      x.setRow(i, [
        Math.asin(random.uniform(-1, 1)) * (i % 4 === 0 ? 1 : 0.1),
        random.uniform(-3, 3) * (i % 3),
      ]);
    }
    return x;
  };
  for (const metric of ['euclidean', 'chebyshev', 'cosine', 'haversine'] as const) {
    const model = await localOutlierFactor({ metric, nNeighbors: 7, contamination: 0.2 }).fit(
      angles(150),
      quiet,
    );
    const asked = angles(60);
    const labels = Array.from(await model.predict(asked));
    assert.ok(new Set(labels).size === 2);
    assert.deepEqual((await runExported(model, asked)).cluster, labels);
  }
});
