import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { Team } from '../../kernels/host/team.ts';
import { type PlainRow, plainBestDecrease, plainImpurity } from '../../kernels/plain/trees.ts';
import { PlainXoshiro } from '../../kernels/plain/xoshiro.ts';
import type { Criterion } from './criterion.ts';
import { writePairs } from './fit-tree.ts';
import { growTree, type TreeLimits } from './grow-tree.ts';
import { allocateGrowth, KernelGrowth } from './kernel-growth.ts';
import { placeBinned, placeSorted } from './place-tree-data.ts';
import { placeRanks } from './presort.ts';
import { readTree, treeBytes } from './tree-bytes.ts';
import { allocateWorkspace, type RankedRows, type TreeData } from './tree-sample.ts';
import { isLeaf, type Trees } from './trees.ts';

const team = new Team(1);
after(() => team.close());
const workers = { team, checkpoint: () => {} };

interface Growing {
  readonly x: Matrix;
  readonly y: Float64Array;
  readonly weights: Float64Array;
  readonly classes: number;
  readonly criterion: Exclude<Criterion, 'absoluteError'>;
  readonly limits: TreeLimits;
  readonly directions?: Int8Array;
}

const seed = Int32Array.of(1, -2, 3, 400_000_000);
const free = Number.POSITIVE_INFINITY;
const limits: TreeLimits = {
  ...{ maxDepth: free, maxLeafNodes: free, minSamplesSplit: 2, minSamplesLeaf: 1 },
  ...{ minWeightLeaf: 0, minImpurityDecrease: 0, maxFeatures: 3 },
};

/** A tree on all rows. */
function byKernel(data: TreeData | RankedRows, growing: Growing): Trees {
  const { arena } = team;
  const self = team.alone();
  const { y, weights, classes, criterion, directions } = growing;
  const plan = {
    ...{ data, criterion, classes, center: 0, table: 0, minWeightFractionLeaf: 0, limits: growing.limits },
    ...{ y: arena.place(y), weights: arena.place(weights), nodes: 2 * y.length },
    directions: directions === undefined ? 0 : arena.place(Uint8Array.from(directions, (one) => one & 255)),
    draws: { isBootstrap: false, size: y.length, isBalanced: false },
  };
  const room = allocateGrowth(arena, self.kernels, plan);
  const at = arena.allocate(treeBytes(plan.nodes, Math.max(1, classes)));
  new KernelGrowth(self, plan, room).grow(seed, { at, bag: 0 }, () => {});
  return readTree(arena.memory.buffer, at);
}

/** The same by {@link growTree}. */
function bySearch(data: TreeData, growing: Growing): Trees {
  const { arena } = team;
  const { y, weights, classes, criterion, directions } = growing;
  const workspace = allocateWorkspace(arena, {
    ...{ data, criterion, classes, threads: 1, table: 0, directions, categories: undefined, y },
  });
  writePairs(arena.memory.buffer, workspace.pairs, y, weights, classes);
  if (data.kind === 'presorted')
    team.call(
      ...(['selectPresorted', data.sorted, y.length, data.lists, workspace.pairs] as const),
      ...([workspace.lists, y.length] as const),
    );
  else team.call('listRows', workspace.pairs, y.length, workspace.lists);
  const caller = {
    memory: arena.memory,
    run: (_: number, kernel: never, ...numbers: number[]) =>
      (team.alone().kernels[kernel] as (...all: number[]) => void)(0, 1, ...numbers),
    checkpoint: () => {},
  };
  const sample = {
    ...{ data, length: y.length, criterion, classes, center: 0, workspace, directions },
    categories: undefined,
  };
  return growTree(caller as never, sample, growing.limits, new PlainXoshiro(seed)).trees;
}

const kinds = ['presorted', 'ranked', 'unsorted', 'binned'] as const;

/** What the kernels and the search are given: the search takes lists where kernels take ranks. */
async function place(kind: (typeof kinds)[number], { x, y, criterion }: Growing) {
  const all = { rows: x.rows, list: undefined };
  if (kind === 'binned') {
    const data = await placeBinned(workers, x, all, new RandomState(0), undefined);
    return [data, data] as const;
  }
  const splits = kind === 'unsorted' ? 'random' : 'exact';
  const data = placeSorted(workers, x, all, { splits, criterion, y });
  return [kind === 'ranked' ? placeRanks(workers, x, all) : data, data] as const;
}

/** Columns of ties, of few and of many values, some missing; sums of the targets are exact, whatever their order. */
function draw(rows: number, classes: number): Pick<Growing, 'x' | 'y' | 'weights' | 'classes'> {
  const random = new RandomState(rows);
  const steps = [3, 40, 1000, 1e9, 1, 1e9];
  const x = Matrix.zeros(rows, steps.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < steps.length; j++)
      x.data[i * steps.length + j] =
        j < 4 && random.uniform() < 0.1 ? Number.NaN : Math.floor(random.uniform() * steps[j]!);
  const y = Float64Array.from({ length: rows }, (_, i) => {
    const signal = 2 * Number(x.at(i, 3) > 4e8) + Number(x.at(i, 1) > 20) + random.randint(2);
    return classes === 0 ? 3 * signal : signal % classes;
  });
  const weights = Float64Array.from({ length: rows }, () => 1 + random.randint(3));
  return { x, y, weights, classes };
}

const targets: readonly [Growing['criterion'], number][] = [
  ['squaredError', 0],
  ['poisson', 0],
  ['gini', 3],
  ['entropy', 3],
  ['entropy', 2],
];
const variants: readonly (Partial<TreeLimits> & { readonly directions?: Int8Array })[] = [
  {},
  { maxFeatures: 6, minSamplesLeaf: 4 },
  { maxLeafNodes: 30, minWeightLeaf: 0 },
  { maxDepth: 5, minImpurityDecrease: 1e-3, minSamplesSplit: 20 },
];

for (const kind of kinds) {
  test(`one thread's kernels grow the trees that the search does with the same draws: ${kind}`, async () => {
    for (const [criterion, classes] of targets) {
      // Few rows are sorted by bin, not counted: rounding settles which of two equal entropies counts as less.
      const isRounded = kind === 'binned' && criterion === 'entropy';
      for (const variant of variants.map((one) => (isRounded ? { ...one, minSamplesSplit: 65 } : one))) {
        await team.arena.scopeAsync(async () => {
          const growing: Growing = { ...draw(900, classes), criterion, limits: { ...limits, ...variant } };
          const [own, other] = await place(kind, growing);
          agree(byKernel(own, growing), bySearch(other, growing), `${criterion} ${JSON.stringify(variant)}`);
        });
      }
      if (classes > 2) continue;
      await team.arena.scopeAsync(async () => {
        const directions = Int8Array.of(0, 1, 0, -1, 0, 0);
        const growing: Growing = {
          ...{ ...draw(900, classes), criterion, directions },
          limits: { ...limits, minSamplesSplit: isRounded ? 65 : 2 },
        };
        const [own, other] = await place(kind, growing);
        agree(byKernel(own, growing), bySearch(other, growing), `${criterion} monotonic`);
      });
    }
  });
}

function agree(ours: Trees, theirs: Trees, what: string) {
  assert.ok(ours.left.length > 9, what);
  for (const name of ['feature', 'threshold', 'left', 'missingLeft', 'samples', 'weight'] as const)
    assert.deepEqual(ours[name], theirs[name], `${name}: ${what}`);
  for (const name of ['values', 'gain'] as const) {
    // Logarithms of the kernels and of JavaScript may differ by a unit in the last place; gains are differences of scores of some thousands.
    for (const [i, value] of theirs[name].entries())
      assert.ok(Math.abs(ours[name][i]! - value) < 1e-11, `${name}: ${what}`);
  }
}

const someRows = fc.array(
  fc.record({
    x: fc.tuple(
      ...[4, 9, 300].map((most) =>
        fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 0, max: most }) }, fc.constant(Number.NaN)),
      ),
    ),
    y: fc.integer({ min: 0, max: 1 }),
    weight: fc.constantFrom(1, 2, 0.5),
  }),
  { minLength: 2, maxLength: 90 },
);

for (const kind of ['presorted', 'ranked', 'binned'] as const) {
  test(`every split of two classes lowers the Gini impurity as far as any can: ${kind}`, async () => {
    await fc.assert(
      fc.asyncProperty(someRows, fc.integer({ min: 1, max: 3 }), async (rows, minSamplesLeaf) => {
        await team.arena.scopeAsync(async () => {
          const growing: Growing = {
            ...{ classes: 2, criterion: 'gini', limits: { ...limits, minSamplesLeaf } },
            x: Matrix.fromRows(rows.map(({ x }) => x)),
            y: Float64Array.from(rows, ({ y }) => y),
            weights: Float64Array.from(rows, ({ weight }) => weight),
          };
          const [data] = await place(kind, growing);
          checkSplits(byKernel(data, growing), rows, minSamplesLeaf);
        });
      }),
      { numRuns: 60 },
    );
  });
}

function checkSplits(trees: Trees, rows: readonly PlainRow[], minSamplesLeaf: number) {
  const inside: PlainRow[][] = Array.from(trees.left, () => []);
  inside[0] = [...rows];
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  for (let node = 0; node < inside.length; node++) {
    const here = inside[node]!;
    const weight = here.reduce((sum, row) => sum + row.weight, 0);
    const share = here.reduce((sum, row) => sum + row.weight * row.y, 0) / weight;
    assert.equal(trees.samples[node], here.length);
    // Sums of some dozens of small numbers, here and below.
    assert.ok(Math.abs(trees.values[2 * node]! - (1 - share)) < 1e-12);
    assert.ok(Math.abs(trees.values[2 * node + 1]! - share) < 1e-12);
    const best = plainBestDecrease(here, 'gini', minSamplesLeaf);
    if (isLeaf(trees, node)) {
      // A split that gains nothing may be lost to rounding.
      const isHopeless = best === undefined || best < 1e-9 || here.length < 2 * minSamplesLeaf;
      assert.ok(isHopeless, `a split of ${best} was left out`);
      continue;
    }
    const [column, threshold, left] = [trees.feature[node]!, trees.threshold[node]!, trees.left[node]!];
    for (const row of here) {
      const value = row.x[column]!;
      const goesLeft = value <= threshold || (trees.missingLeft[node] === 1 && Number.isNaN(value));
      inside[left + (goesLeft ? 0 : 1)]!.push(row);
    }
    const after = plainImpurity(inside[left]!, 'gini') + plainImpurity(inside[left + 1]!, 'gini');
    const decrease = plainImpurity(here, 'gini') - after;
    assert.ok(Math.abs(decrease - best!) < 1e-9, `split of node ${node}: ${decrease} of ${best}`);
    assert.ok(Math.abs(trees.gain[node]! - decrease / total) < 1e-9);
  }
}

test('rows are drawn with replacement, and classes made to weigh the same', () => {
  const { arena } = team;
  arena.scope(() => {
    const rows = 500;
    const y = Float64Array.from({ length: rows }, (_, i) => (i % 10 === 0 ? 1 : 0));
    const weights = Float64Array.from({ length: rows }, (_, i) => i % 3);
    const random = arena.place(seed);
    const [pairs, counts, bits] = [arena.f64(2 * rows), arena.i32(rows), arena.allocate(64)];
    const [byClass, total] = [arena.f64(2), arena.f64(1)];
    for (const isBalanced of [0, 1]) {
      new Int32Array(arena.memory.buffer, random, 4).set(seed);
      const found = team
        .alone()
        .kernels.drawBag(
          ...([0, 1, random, rows, 400, 1, isBalanced, arena.place(y), arena.place(weights), 2] as const),
          ...([counts, byClass, pairs, bits, total] as const),
        );
      const plain = new PlainXoshiro(seed);
      const drawn = new Float64Array(rows);
      for (let i = 0; i < 400; i++) drawn[plain.randint(rows)]!++;
      let wanted = drawn.map((count, i) => count * weights[i]!);
      const sum = wanted.reduce((all, weight) => all + weight);
      if (isBalanced === 1) {
        const own = [0, 1].map((k) => wanted.reduce((all, weight, i) => all + (y[i] === k ? weight : 0), 0));
        wanted = wanted.map((weight, i) => (weight * sum) / (2 * own[y[i]!]!));
      }
      const placed = arena.viewF64(pairs, 2 * rows);
      const classes = arena.viewI32(pairs, 4 * rows);
      const bytes = new Uint8Array(arena.memory.buffer, bits, 64);
      for (let i = 0; i < rows; i++) {
        assert.ok(Math.abs(placed[2 * i]! - wanted[i]!) < 1e-12);
        assert.equal(classes[4 * i + 2], y[i]);
        assert.equal((bytes[i >> 3]! >> (i & 7)) & 1, Number(drawn[i]! > 0));
      }
      assert.equal(found, wanted.filter((weight) => weight > 0).length);
      assert.ok(Math.abs(arena.viewF64(total, 1)[0]! - sum) < 1e-9);
    }
  });
});
