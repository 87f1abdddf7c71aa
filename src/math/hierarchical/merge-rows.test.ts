import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { Team } from '../../kernels/host/team.ts';
import { type PlainLinkage, plainMerges } from '../../kernels/plain/hierarchical.ts';
import { mergeRows } from './merge-rows.ts';
import { type MergeTree, treeOfMerges } from './merge-tree.ts';
import { wardMerges } from './ward-merges.ts';

const teams = [1, 2, 3].map((threads) => new Team(threads));
after(() => Promise.all(teams.map((team) => team.close())));
const workersOf = (team: Team) => ({ team, checkpoint() {} });
const workers = workersOf(teams[1]!);

const linkages = ['ward', 'complete', 'average', 'single'] as const satisfies PlainLinkage[];

/** Rows below each merge, sorted. */
function rowsBelow({ leaves, children }: MergeTree): number[][] {
  const rows: number[][] = [];
  const below = (node: number) => (node < leaves ? [node] : rows[node - leaves]!);
  for (let k = 0; k < children.length; k += 2) {
    rows.push([...below(children[k]!), ...below(children[k + 1]!)].sort((a, b) => a - b));
  }
  return rows;
}

function assertSameTree(tree: MergeTree, expected: MergeTree): void {
  assert.deepEqual(tree.children, expected.children);
  for (const [k, distance] of expected.distances.entries()) {
    // Centres and the recurrence of distances round differently.
    assert.ok(Math.abs(tree.distances[k]! - distance) <= 1e-11 * distance, `merge ${k}`);
  }
}

function normals(rows: number, columns: number, seed = 0): Matrix {
  const random = new RandomState(seed);
  const x = Matrix.zeros(rows, columns);
  for (let i = 0; i < x.data.length; i++) x.data[i] = random.standardNormal();
  return x;
}

for (const linkage of linkages) {
  test(`${linkage} linkage merges what its definition says`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 14 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(1000),
        async (rows, columns, seed) => {
          const x = normals(rows, columns, seed);
          const tree = await mergeRows(workers, x, linkage, 'euclidean');
          const expected = plainMerges(x.toRows(), linkage);
          assert.deepEqual(
            rowsBelow(tree),
            expected.map((merge) => merge.rows),
          );
          expected.forEach(({ distance }, k) => {
            // A few roundings on either side.
            assert.ok(Math.abs(tree.distances[k]! - distance) <= 1e-12 * distance);
          });
        },
      ),
      { numRuns: 25 },
    );
  });
}

const shapes = [
  { rows: 2, columns: 1 },
  { rows: 65, columns: 3 },
  { rows: 900, columns: 2 },
  { rows: 1500, columns: 17 },
];

for (const { rows, columns } of shapes) {
  test(`ward on ${rows} × ${columns} points is the same with and without the matrix of distances, by any number of threads`, async () => {
    const x = normals(rows, columns);
    const expected = await mergeRows(workers, x, 'ward', 'euclidean');
    const [one, ...others] = await Promise.all(teams.map((team) => wardMerges(workersOf(team), x)));
    assertSameTree(treeOfMerges(rows, one!), expected);
    for (const other of others) assert.deepEqual(other, one);
  });
}

test('ward on points takes repeated rows, constant columns and points far from the origin', async () => {
  const random = new RandomState(2);
  const x = Matrix.zeros(400, 3);
  for (let i = 0; i < 400; i++) {
    x.setRow(i, [1e6 + random.randint(0, 3), 7, random.randint(0, 2) * 1e-3]);
  }
  const tree = treeOfMerges(400, await wardMerges(workers, x));
  const expected = await mergeRows(workers, x, 'ward', 'euclidean');
  // 6 different rows: all others merge at distance 0, in an order that nothing defines.
  assert.equal(tree.distances.filter((distance) => distance === 0).length, 394);
  for (const [k, distance] of expected.distances.entries()) {
    // The recurrence cancels up to ε of squares of the size of the largest distance.
    assert.ok(Math.abs(tree.distances[k]! - distance) <= 1e-8 * expected.distances.at(-1)!);
  }
});

test('distances that grow along a line make the longest chain', async () => {
  const rows = 600;
  const x = Matrix.zeros(rows, 1);
  for (let i = 0; i < rows; i++) x.data[i] = i ** 1.5;
  const expected = await mergeRows(workers, x, 'ward', 'euclidean');
  assertSameTree(treeOfMerges(rows, await wardMerges(workers, x)), expected);
});

test('the chain goes on from where it was when the matrix is made smaller', async () => {
  const x = normals(1300, 4);
  const [a, b] = await Promise.all(
    [teams[0]!, teams[2]!].map((team) => mergeRows(workersOf(team), x, 'average', 'euclidean')),
  );
  assert.deepEqual(a, b);
  const sums = rowsBelow(a!).map((rows) => rows.length);
  assert.equal(sums.at(-1), 1300);
  // Mean distance of all pairs across the last two clusters, by the definition.
  const [left, right] = a!.children.slice(-2);
  const rowsOf = (node: number) => (node < 1300 ? [node] : rowsBelow(a!)[node - 1300]!);
  let [sum, count] = [0, 0];
  for (const i of rowsOf(left!)) {
    for (const j of rowsOf(right!)) {
      sum += Math.hypot(...x.row(i).map((value, c) => value - x.at(j, c)));
      count++;
    }
  }
  // 10⁵ terms and more, summed in another order.
  assert.ok(Math.abs(a!.distances.at(-1)! - sum / count) < (1e-11 * sum) / count);
});

test('work stops where the caller says so', async () => {
  const x = normals(3000, 2);
  for (const linkage of ['ward', 'single', 'complete'] as const) {
    let looks = 0;
    const stopping = {
      team: teams[0]!,
      checkpoint() {
        if (++looks === 3) throw new Error('stop');
      },
    };
    await assert.rejects(mergeRows(stopping, x, linkage, 'euclidean'), { message: 'stop' });
  }
});

test('distances that do not fit are refused with what they need', async () => {
  const x = Matrix.zeros(30_000, 1);
  await assert.rejects(mergeRows(workers, x, 'complete', 'euclidean'), {
    code: 'data/too-many-rows',
    message: /30000 rows needs 7\.2 GB.*ward or single/,
  });
});
