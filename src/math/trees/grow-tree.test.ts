import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { Team } from '../../kernels/host/team.ts';
import { type PlainRow, plainBestDecrease, plainImpurity } from '../../kernels/plain/trees.ts';
import type { Criterion } from './criterion.ts';
import { fitTree } from './fit-tree.ts';
import { isLeaf, leafOf } from './trees.ts';

const teams = [1, 2, 3].map((threads) => new Team(threads));
after(() => Promise.all(teams.map((team) => team.close())));

const limits = {
  maxDepth: Number.POSITIVE_INFINITY,
  maxLeafNodes: Number.POSITIVE_INFINITY,
  minSamplesSplit: 2,
  minWeightLeaf: 0,
  minImpurityDecrease: 0,
};

function fit(
  team: Team,
  rows: readonly PlainRow[],
  criterion: Criterion,
  classes: number,
  minSamplesLeaf: number,
) {
  const columns = rows[0]!.x.length;
  const x = Matrix.fromRows(rows.map((row) => row.x));
  const y = Float64Array.from(rows, (row) => row.y);
  const tree = fitTree(
    { team, checkpoint: () => {} },
    {
      ...{ x, y, classes, criterion, splits: 'exact' },
      sampleWeight: Float64Array.from(rows, (row) => row.weight),
      limits: { ...limits, minSamplesLeaf, maxFeatures: columns },
      random: new RandomState(0),
    },
  );
  return { ...tree, x };
}

const someRows = (target: fc.Arbitrary<number>) =>
  fc.array(
    fc.record({
      x: fc.tuple(
        ...[4, 9, 30].map((most) =>
          fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 0, max: most }) }, fc.constant(Number.NaN)),
        ),
      ),
      y: target,
      weight: fc.constantFrom(1, 2, 0.5),
    }),
    { minLength: 2, maxLength: 24 },
  );

const criteria: readonly [Criterion, number, fc.Arbitrary<number>][] = [
  ['squaredError', 0, fc.double({ min: -5, max: 5, noNaN: true })],
  ['poisson', 0, fc.integer({ min: 0, max: 4 })],
  ['absoluteError', 0, fc.double({ min: -5, max: 5, noNaN: true })],
  ['gini', 3, fc.integer({ min: 0, max: 2 })],
  ['entropy', 3, fc.integer({ min: 0, max: 2 })],
];

for (const [criterion, classes, target] of criteria) {
  for (const team of teams.slice(0, 2)) {
    test(`every split by ${criterion} lowers the impurity as far as any can, on ${team.threads} of the threads`, () => {
      fc.assert(
        fc.property(someRows(target), fc.integer({ min: 1, max: 3 }), (rows, minSamplesLeaf) => {
          if (criterion === 'poisson' && rows.every(({ y }) => y === 0)) return;
          const { trees, impurity, x } = fit(team, rows, criterion, classes, minSamplesLeaf);
          const inside = trees.left.reduce<PlainRow[][]>((lists) => [...lists, []], []);
          inside[0] = [...rows];
          for (let node = 0; node < trees.left.length; node++) {
            const here = inside[node]!;
            const whole = plainImpurity(here, criterion);
            const weight = here.reduce((sum, row) => sum + row.weight, 0);
            // Sums of two dozen terms of a few units.
            assert.ok(Math.abs(impurity[node]! * weight - whole) < 1e-9, `impurity of node ${node}`);
            assert.equal(trees.samples[node], here.length);
            const best = plainBestDecrease(here, criterion, minSamplesLeaf);
            if (isLeaf(trees, node)) {
              // A split that gains nothing may be lost to rounding.
              const isHopeless = best === undefined || best < 1e-9;
              assert.ok(isHopeless || whole / weight < 1e-12 || here.length < 2 * minSamplesLeaf);
              continue;
            }
            const [column, threshold, left] = [
              trees.feature[node]!,
              trees.threshold[node]!,
              trees.left[node]!,
            ];
            for (const row of here) {
              const value = row.x[column]!;
              const goesLeft = value <= threshold || (trees.missingLeft[node] === 1 && Number.isNaN(value));
              inside[left + (goesLeft ? 0 : 1)]!.push(row);
            }
            const after =
              plainImpurity(inside[left]!, criterion) + plainImpurity(inside[left + 1]!, criterion);
            assert.ok(
              Math.abs(whole - after - best!) < 1e-9,
              `split of node ${node}: ${whole - after} of ${best}`,
            );
          }
          for (let i = 0; i < x.rows; i++) {
            const leaf = leafOf(trees, 0, x.data, i * x.columns);
            assert.ok(inside[leaf]!.includes(rows[i]!));
          }
        }),
        { numRuns: 60 },
      );
    });
  }
}

test('a large tree has the same bits on any number of threads', () => {
  const random = new RandomState(5);
  const rows: PlainRow[] = Array.from({ length: 20_000 }, () => {
    const x = [
      random.standardNormal(),
      random.randint(30),
      random.uniform() < 0.2 ? Number.NaN : random.uniform(),
    ];
    return { x, y: x[0]! * x[1]! + random.standardNormal(), weight: 1 + random.randint(3) };
  });
  const [first, ...others] = teams.map((team) => fit(team, rows, 'squaredError', 0, 5));
  for (const other of others) assert.deepEqual(other, first);
});

const categories: readonly [Criterion, number, fc.Arbitrary<number>][] = [
  ['squaredError', 0, fc.integer({ min: -9, max: 9 })],
  // No zeros: a side without events is not allowed, which may rule the best cut out.
  ['poisson', 0, fc.integer({ min: 1, max: 5 })],
  ['gini', 2, fc.integer({ min: 0, max: 1 })],
  ['entropy', 2, fc.integer({ min: 0, max: 1 })],
];

for (const [criterion, classes, target] of categories) {
  test(`the root parts categories as well as any two sets of them can: ${criterion}`, () => {
    const row = fc.record({
      code: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 5 }) }, fc.constant(Number.NaN)),
      number: fc.integer({ min: 0, max: 3 }),
      y: target,
      weight: fc.constantFrom(1, 2),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 3, maxLength: 20 }), (given) => {
        const rows = given.map(({ code, number, y, weight }): PlainRow => ({ x: [code, number], y, weight }));
        const tree = fitTree(
          { team: teams[0]!, checkpoint: () => {} },
          {
            ...{ x: Matrix.fromRows(rows.map(({ x }) => x)), classes, criterion, splits: 'exact' },
            y: Float64Array.from(rows, ({ y }) => y),
            sampleWeight: Float64Array.from(rows, ({ weight }) => weight),
            limits: { ...limits, minSamplesLeaf: 1, maxFeatures: 2, maxDepth: 1 },
            categories: Int32Array.of(6, 0),
            random: new RandomState(0),
          },
        );
        const whole = plainImpurity(rows, criterion);
        const lows = rows.map(({ x }) => [Number.NaN, x[1]!]);
        let best =
          plainBestDecrease(
            rows.map((one, i) => ({ ...one, x: lows[i]! })),
            criterion,
            1,
          ) ?? 0;
        for (let set = 0; set < 128; set++) {
          const isIn = ({ x }: PlainRow) => ((set >> (Number.isNaN(x[0]!) ? 6 : x[0]!)) & 1) === 1;
          const [left, right] = [rows.filter(isIn), rows.filter((one) => !isIn(one))];
          if (left.length === 0 || right.length === 0) continue;
          if (criterion === 'poisson' && [left, right].some((side) => side.every(({ y }) => y === 0)))
            continue;
          best = Math.max(best, whole - plainImpurity(left, criterion) - plainImpurity(right, criterion));
        }
        const { trees } = tree;
        if (isLeaf(trees, 0))
          return assert.ok(best < 1e-9 || whole < 1e-9, `a split of ${best} was left out`);
        const sides = [0, 1].map((side) => rows.filter(({ x }) => leafOf(trees, 0, [...x]) === 1 + side));
        const found = whole - plainImpurity(sides[0]!, criterion) - plainImpurity(sides[1]!, criterion);
        assert.deepEqual(
          [trees.samples[1], trees.samples[2]],
          sides.map(({ length }) => length),
        );
        // Sums of two dozen terms of a few units.
        assert.ok(Math.abs(found - best) < 1e-9, `${found} of ${best}`);
      }),
      { numRuns: 150 },
    );
  });
}
