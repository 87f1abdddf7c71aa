import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { Team } from '../../kernels/host/team.ts';
import { sumTreesOfRow } from './predict.ts';
import { bruteForceShap, shapFixture, treesOfFixture } from './tree-shap.fixture.ts';
import { type ShapProblem, treeShap } from './tree-shap.ts';
import { TreesBuilder } from './trees.ts';

const solo = new Team(1);
const pair = new Team(2);
after(() => Promise.all([solo.close(), pair.close()]));
const workers = (team: Team) => ({ team, checkpoint() {} });

function close(actual: number, wanted: number, tolerance: number, what: string) {
  assert.ok(
    Math.abs(actual - wanted) <= tolerance * Math.max(1, Math.abs(wanted)),
    `${what}: ${actual} ≠ ${wanted}`,
  );
}

for (const { name, outputs, columns, trees, x, contributions } of shapFixture.cases) {
  test(`the values of LightGBM's trees are those of its pred_contrib: ${name}`, async () => {
    const problem = {
      trees: treesOfFixture(trees),
      cover: Float64Array.from(trees.samples),
      scale: 1,
      start: new Float64Array(outputs),
    };
    const found = await treeShap(workers(solo), problem, Matrix.fromRows(x));
    for (const [i, row] of contributions.entries()) {
      for (const [k, wanted] of row.entries()) {
        for (let j = 0; j < columns; j++) {
          // LightGBM divides along the path where columns are taken out, which costs it some digits.
          close(found.values[k]![i * columns + j]!, wanted[j]!, 1e-10, `row ${i}, output ${k}, column ${j}`);
        }
        close(found.baseValues[k]!, wanted[columns]!, 1e-12, `base value of output ${k}`);
      }
    }
  });
}

/** Trees that no fit would grow: any columns, thresholds, covers and ways of missing values. */
function randomTrees(seed: number, { columns = 5, trees = 4, splits = 9, width = 1 } = {}): ShapProblem {
  const random = new RandomState(seed);
  const builder = new TreesBuilder(width);
  const cover: number[] = [];
  for (let tree = 0; tree < trees; tree++) {
    const root = builder.addRoot({ samples: 1, weight: 1 });
    cover[root] = 1;
    const open = [root];
    for (let s = 0; s < (tree === 0 ? 0 : splits); s++) {
      const node = open.splice(random.randint(open.length), 1)[0]!;
      const left = builder.split(
        node,
        random.randint(columns),
        random.randint(5),
        random.randint(2) === 1,
        1,
        [
          { samples: 1, weight: 1 },
          { samples: 1, weight: 1 },
        ],
      );
      // A thousandth of the rows on one side is an ordinary leaf.
      const share = 0.001 + 0.998 * random.randomSample();
      cover[left] = cover[node]! * share;
      cover[left + 1] = cover[node]! * (1 - share);
      open.push(left, left + 1);
    }
    for (const leaf of open)
      for (let k = 0; k < width; k++) builder.setValue(leaf, random.standardNormal(), k);
  }
  return { trees: builder.finish(), cover, scale: 1, start: Float64Array.of(0.5) };
}

function randomRows(seed: number, rows: number, columns: number): Matrix {
  const random = new RandomState(seed);
  const x = Matrix.zeros(rows, columns);
  for (let i = 0; i < x.data.length; i++)
    x.data[i] = random.randint(6) === 5 ? Number.NaN : random.randint(5);
  return x;
}

test('values of any trees are those of the definition, over all sets of columns', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 24 }),
      async (seed, columns, splits) => {
        const problem = randomTrees(seed % 2 ** 31, { columns, splits });
        const x = randomRows(seed % 1000, 3, columns);
        const { values, baseValues } = await treeShap(workers(solo), problem, x);
        for (let i = 0; i < x.rows; i++) {
          const [wanted] = bruteForceShap(problem, x.row(i));
          // Sums of some dozens of terms of order 1 on both sides.
          for (let j = 0; j < columns; j++)
            close(values[0]![i * columns + j]!, wanted![j]!, 1e-12, `column ${j}`);
          close(baseValues[0]!, wanted![columns]!, 1e-12, 'base value');
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('leaves of several values and trees that take turns explain their own output', async () => {
  const x = randomRows(3, 5, 4);
  const wide = { ...randomTrees(4, { columns: 4, width: 3 }), start: new Float64Array(3), scale: 0.25 };
  const turns = { ...randomTrees(5, { columns: 4, trees: 7 }), start: Float64Array.of(1, 2, 3) };
  for (const problem of [wide, turns]) {
    const { values } = await treeShap(workers(solo), problem, x);
    for (let i = 0; i < x.rows; i++) {
      for (const [k, wanted] of bruteForceShap(problem, x.row(i)).entries()) {
        // As above.
        for (let j = 0; j < 4; j++)
          close(values[k]![i * 4 + j]!, wanted[j]!, 1e-12, `output ${k}, column ${j}`);
      }
    }
  }
});

test('the same bits on any number of threads, over several blocks and kernel calls', async () => {
  const problem = randomTrees(6, { columns: 12, trees: 60, splits: 120 });
  const x = randomRows(7, 1500, 12);
  const [one, two] = [await treeShap(workers(solo), problem, x), await treeShap(workers(pair), problem, x)];
  assert.deepEqual(one, two);
  // A row alone is explained as it is among others.
  const last = await treeShap(workers(solo), problem, x.take([1499]));
  assert.deepEqual(last.values[0], one.values[0]!.slice(1499 * 12));
});

test('trees whose tables do not fit at once are explained in groups', async () => {
  // 3 outputs and groups of some trees: a group may begin with a tree of any output.
  const problem = { ...randomTrees(8, { columns: 40, trees: 20, splits: 6000 }), start: new Float64Array(3) };
  const x = randomRows(9, 4, 40);
  const whole = await treeShap(workers(solo), problem, x);
  const { predicted } = sumsOf(problem, x);
  for (let i = 0; i < x.rows; i++) {
    for (let k = 0; k < 3; k++) {
      const sum = whole.values[k]!.subarray(i * 40, (i + 1) * 40).reduce(
        (a, b) => a + b,
        whole.baseValues[k]!,
      );
      // Values of order 1 from 6000 leaves a tree.
      close(sum, predicted[i * 3 + k]!, 1e-11, `row ${i}, output ${k}`);
    }
  }
});

function sumsOf({ trees, start }: ShapProblem, x: Matrix) {
  const predicted = new Float64Array(x.rows * start.length);
  for (let i = 0; i < x.rows; i++) predicted.set(sumTreesOfRow(trees, x.row(i), start), i * start.length);
  return { predicted };
}

test('a checkpoint that throws stops the work', async () => {
  const problem = randomTrees(6, { columns: 12, trees: 60, splits: 120 });
  const x = randomRows(7, 1500, 12);
  for (const team of [solo, pair]) {
    let calls = 0;
    const checkpoint = () => {
      if (++calls > 3) throw new Error('stop');
    };
    await assert.rejects(treeShap({ team, checkpoint }, problem, x), /stop/);
  }
});
