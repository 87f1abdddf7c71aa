import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { Team } from '../../kernels/host/team.ts';
import { indexRows } from './neighbour-index.ts';
import { type Neighbours, plainNeighbours } from './plain-neighbours.ts';
import { screenedNeighbours } from './screened-neighbours.ts';

const team = new Team(1);
after(() => team.close());
const workers = { team, checkpoint: () => {} };

const empty = (k: number): Neighbours => ({ distances: new Float64Array(k), indices: new Int32Array(k) });

for (const name of ['euclidean', 'cosine'] as const) {
  for (const kind of ['numbers of many digits', 'whole numbers with many equal distances']) {
    test(`rows asked about one by one have the same neighbours before and after they are kept in kernel memory: ${name}, ${kind}`, async () => {
      const random = new RandomState(3);
      const [rows, columns, k] = [2503, 10, 7];
      const x = Matrix.zeros(rows, columns);
      for (let i = 0; i < x.data.length; i++)
        x.data[i] = kind.startsWith('whole') ? random.randint(0, 3) : 100 + random.standardNormal();
      const index = await indexRows(workers, x, { metric: { name, p: 2 }, algorithm: 'brute' });
      let screened = 0;
      for (let i = 0; i < 60; i++) {
        const query = index.data!.slice(i * index.columns, (i + 1) * index.columns);
        query[0]! += i % 3;
        const [found, expected] = [empty(k), empty(k)];
        plainNeighbours(index, query, 0, 1, expected);
        if (!screenedNeighbours(index, query, found)) continue;
        screened++;
        assert.deepEqual(found, expected);
      }
      assert.equal(screened, 44);
    });
  }
}

test('a query too far for float32 is left to float64, and small tables and trees are left alone', async () => {
  const x = Matrix.zeros(2500, 10);
  x.data.forEach((_, i) => {
    x.data[i] = (i * 7919) % 1009;
  });
  const metric = { name: 'euclidean', p: 2 } as const;
  const far = new Float64Array(10).fill(1e200);
  const [brute, tree] = await Promise.all(
    (['brute', 'kd-tree'] as const).map((algorithm) => indexRows(workers, x, { metric, algorithm })),
  );
  const small = await indexRows(workers, x.take([1, 2, 3]), { metric, algorithm: 'brute' });
  for (const index of [brute!, tree!, small])
    for (let i = 0; i < 20; i++) assert.equal(screenedNeighbours(index, far, empty(3)), false);
  assert.equal(screenedNeighbours(brute!, x.row(4), empty(3)), true);
});
