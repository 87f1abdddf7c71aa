import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { cophenet, copheneticCorrelation, leavesList } from '../../math/hierarchical/cophenet.ts';
import { fcluster } from '../../math/hierarchical/fcluster.ts';
import type { Linkage } from '../../math/hierarchical/merge-rows.ts';
import type { LinkageMetric } from '../../math/hierarchical/metric.ts';
import { linkage } from './linkage.ts';

interface Case {
  readonly data: string;
  readonly method: Linkage;
  readonly metric: LinkageMetric;
  readonly merges: readonly number[];
  readonly distances: readonly number[];
  readonly limit?: number;
  readonly byDistance: readonly number[];
  readonly byCount: readonly number[];
  readonly leaves: readonly number[];
  readonly cophenetic: number;
  readonly cophenetSum: number;
}

const fixture: {
  readonly data: Readonly<Record<string, number[][]>>;
  readonly linkages: readonly Case[];
} = JSON.parse(readFileSync(new URL('../../../parity/fixtures/hierarchical.json', import.meta.url), 'utf8'));

for (const { data, method, metric, merges, distances, ...expected } of fixture.linkages) {
  test(`the tree is SciPy's on ${data}, ${method}, ${metric}`, async () => {
    const x = fixture.data[data]!;
    const z = await linkage(x, { method, metric });
    distances.forEach((distance, k) => {
      // Sums in another order, near 0 relative to the size of the numbers that were subtracted.
      const unit = metric === 'cosine' || metric === 'correlation' ? 1 : 0;
      assert.ok(
        Math.abs(z.at(k, 2) - distance) <= 1e-10 * distance + 1e-14 * unit,
        `merge ${k}: ${z.at(k, 2)}`,
      );
    });
    assert.deepEqual(
      distances.flatMap((_, k) => [z.at(k, 0), z.at(k, 1)]),
      merges,
    );
    assert.equal(z.at(distances.length - 1, 3), x.length);
    if (expected.limit === undefined) return;
    assert.deepEqual(
      Array.from(fcluster(z, { distance: expected.limit * (1 + 1e-12) })),
      expected.byDistance,
    );
    assert.deepEqual(Array.from(fcluster(z, { maxclust: 5 })), expected.byCount);
    assert.deepEqual(Array.from(leavesList(z)), expected.leaves);
    // A correlation of thousands of pairs; sums in another order.
    assert.ok(Math.abs(copheneticCorrelation(z, x) - expected.cophenetic) < 1e-11);
    const sum = cophenet(z).reduce((total, value, at) => total + value * (1 + (at % 7)), 0);
    assert.ok(Math.abs(sum - expected.cophenetSum) <= 1e-10 * expected.cophenetSum);
  });
}

test('as many clusters as rows leave every row alone, and one takes all', async () => {
  const z = await linkage([[0], [1], [5]]);
  assert.deepEqual(Array.from(fcluster(z, { maxclust: 3 })), [1, 2, 3]);
  assert.deepEqual(Array.from(fcluster(z, { maxclust: 1 })), [1, 1, 1]);
  assert.deepEqual(Array.from(fcluster(z, { distance: 0.5 })), [1, 2, 3]);
  assert.throws(() => fcluster(z, { maxclust: 0 }), { code: 'option/invalid' });
});

test('a single row is a tree without merges', async () => {
  const z = await linkage([[1, 2]]);
  assert.deepEqual([z.rows, z.columns], [0, 4]);
  assert.deepEqual(Array.from(fcluster(z, { maxclust: 1 })), [1]);
  assert.deepEqual(Array.from(leavesList(z)), [0]);
});

test('a matrix that is no tree is refused by its merge', () => {
  const twice = Matrix.fromRows([
    [0, 1, 1, 2],
    [0, 2, 2, 3],
  ]);
  assert.throws(() => fcluster(twice, { maxclust: 2 }), {
    code: 'data/no-linkage',
    message: /Merge 1 .*node 0/,
  });
  assert.throws(() => leavesList(Matrix.zeros(2, 3)), { code: 'data/no-linkage', message: /4 columns/ });
});
