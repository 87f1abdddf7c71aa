import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { Matrix } from '../core/matrix.ts';
import { RandomState } from '../core/random.ts';
import { Team } from '../kernels/host/team.ts';
import { plainLogistic } from '../kernels/plain/logistic.ts';
import { LogisticLoss } from './logistic-loss.ts';
import { placeDesign } from './place-design.ts';

const teams = [1, 2, 3].map((threads) => new Team(threads));
after(() => Promise.all(teams.map((team) => team.close())));

interface Case {
  readonly rows: number;
  readonly columns: number;
  readonly classes: number;
  readonly intercept: boolean;
  readonly scale: 'deviation' | 'none';
  readonly weighted: boolean;
}

function makeCase({ rows, columns, classes, weighted }: Case, seed = 7) {
  const random = new RandomState(seed);
  const x = Matrix.zeros(rows, columns);
  for (let i = 0; i < x.data.length; i++) x.data[i] = random.standardNormal() * 3 + (i % columns);
  const codes = Int32Array.from({ length: rows }, (_, i) => (i < classes ? i : random.randint(0, classes)));
  const sampleWeight = weighted
    ? Float64Array.from({ length: rows }, (_, i) => (i % 5) / 2 + 0.1)
    : undefined;
  return { x, codes, sampleWeight, random };
}

async function evaluate(team: Team, shape: Case, seed?: number) {
  const { x, codes, sampleWeight, random } = makeCase(shape, seed);
  const { classes, intercept, scale, columns } = shape;
  return team.arena.scopeAsync(async () => {
    const design = await placeDesign(team, x, { sampleWeight, intercept, scale });
    const penalty = new Float64Array(design.width).fill(0.3);
    if (intercept) penalty[columns] = 0;
    const loss = new LogisticLoss({ team, design, codes, classes, penalty, derivatives: 'hessian' });
    const w = Float64Array.from({ length: loss.size }, () => random.standardNormal());
    const gradient = new Float64Array(loss.size);
    const value = loss.evaluate(w, gradient);
    const hessian = new Float64Array(loss.size ** 2);
    loss.hessian(hessian);
    const rows = Array.from({ length: x.rows }, (_, i) => {
      const row = Array.from(
        { length: columns },
        (_, j) => (x.at(i, j) - design.center[j]!) / design.scale[j]!,
      );
      return intercept ? [...row, 1] : row;
    });
    const weights = sampleWeight ?? new Float64Array(x.rows).fill(1);
    const plain = plainLogistic({ x: rows, codes, classes, weights, penalty }, w);
    return { value, gradient, hessian, plain, width: design.width };
  });
}

/** Sums of a few thousand terms in another order: 1e-12 of the largest entry. */
function close(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string) {
  const largest = Array.from(expected).reduce((most, v) => Math.max(most, Math.abs(v)), 1);
  for (let i = 0; i < expected.length; i++) {
    assert.ok(
      Math.abs(actual[i]! - expected[i]!) <= 1e-12 * largest,
      `${what}[${i}]: ${actual[i]} ≠ ${expected[i]}`,
    );
  }
}

const base: Case = {
  rows: 700,
  columns: 5,
  classes: 2,
  intercept: true,
  scale: 'deviation',
  weighted: false,
};
const cases: Case[] = [
  base,
  { ...base, columns: 1, rows: 3, weighted: true },
  { ...base, intercept: false, columns: 8 },
  { ...base, scale: 'none', weighted: true, columns: 3 },
  { ...base, columns: 600, rows: 130 },
  { ...base, rows: 30_000, columns: 9, weighted: true },
  { ...base, classes: 3 },
  { ...base, classes: 4, weighted: true, intercept: false },
  { ...base, classes: 10, columns: 13, rows: 3000, weighted: true },
];

for (const shape of cases) {
  const { rows, columns, classes } = shape;
  test(`loss, gradient and Hessian of ${rows} × ${columns} with ${classes} classes follow the formulas on any number of threads`, async () => {
    const results = [];
    for (const team of teams) results.push(await evaluate(team, shape));
    const [{ value, gradient, hessian, plain, width }] = results as [Awaited<ReturnType<typeof evaluate>>];
    close([value], [plain.value], 'value');
    close(gradient, plain.gradient, 'gradient');
    const size = gradient.length;
    const expected = plain.hessian.flatMap((row) => [...row]);
    if (classes > 2 && shape.intercept) {
      // The gauge's addition: the same number for each pair of intercepts.
      const at = (a: number, b: number) => (a * width + width - 1) * size + b * width + width - 1;
      const amount = hessian[at(0, 1)]! - expected[at(0, 1)]!;
      assert.ok(amount > 0);
      for (let a = 0; a < classes; a++) for (let b = 0; b < classes; b++) expected[at(a, b)]! += amount;
    }
    close(hessian, expected, 'hessian');
    for (const other of results) {
      assert.equal(other.value, value);
      assert.deepEqual(other.gradient, gradient);
      assert.deepEqual(other.hessian, hessian);
    }
  });
}

for (const { classes, columns, rows } of [
  { classes: 2, columns: 7, rows: 1500 },
  { classes: 3, columns: 30, rows: 1500 },
  { classes: 10, columns: 1100, rows: 130 },
  { classes: 13, columns: 5, rows: 3000 },
]) {
  test(`float32 rows give the loss and gradient of ${rows} × ${columns} with ${classes} classes to float32 rounding, the same on any number of threads`, async () => {
    const { x, codes, sampleWeight, random } = makeCase({ ...base, rows, columns, classes, weighted: true });
    const narrow = new Matrix({ rows, columns, data: Float32Array.from(x.data) });
    const w = random.standardNormal(classes * (columns + 1)).map((value) => value / Math.sqrt(columns));
    const results = [];
    for (const [team, precision] of [
      ...teams.map((team) => [team, 'single'] as const),
      [teams[0]!, 'double'] as const,
    ]) {
      results.push(
        await team.arena.scopeAsync(async () => {
          const options = { sampleWeight, intercept: true, scale: 'deviation', precision } as const;
          const design = await placeDesign(team, narrow, options);
          const penalty = new Float64Array(design.width).fill(0.3);
          const loss = new LogisticLoss({ team, design, codes, classes, penalty, derivatives: 'gradient' });
          const gradient = new Float64Array(loss.size);
          return { value: loss.evaluate(w.subarray(0, loss.size), gradient), gradient };
        }),
      );
    }
    const exact = results.pop()!;
    const [first] = results as [(typeof results)[0]];
    for (const other of results) assert.deepEqual(other, first);
    // A row's margin is off by some 2^-24 √p of its size, its mean share in sums of that order.
    assert.ok(Math.abs(first.value - exact.value) < 1e-6 * exact.value, `${first.value} ≠ ${exact.value}`);
    const largest = Math.max(...exact.gradient.map(Math.abs));
    first.gradient.forEach((value, at) => {
      assert.ok(Math.abs(value - exact.gradient[at]!) < 3e-6 * largest, `${value} ≠ ${exact.gradient[at]}`);
    });
  });
}

test('margins of any size give finite losses that follow the formulas', async () => {
  const team = teams[0]!;
  const x = Matrix.fromRows([[0], [1], [-1], [745], [-745], [1e5], [-1e5], [1e-9]]);
  const codes = Int32Array.of(0, 1, 0, 0, 1, 1, 0, 1);
  await team.arena.scopeAsync(async () => {
    const design = await placeDesign(team, x, { sampleWeight: undefined, intercept: false, scale: 'none' });
    const penalty = new Float64Array(1);
    const loss = new LogisticLoss({ team, design, codes, classes: 2, penalty, derivatives: 'gradient' });
    const gradient = new Float64Array(1);
    const value = loss.evaluate(Float64Array.of(1), gradient);
    const rows = x.toRows();
    const plain = plainLogistic({ x: rows, codes, classes: 2, weights: Array(8).fill(1), penalty }, [1]);
    close([value], [plain.value], 'value');
    close(gradient, plain.gradient, 'gradient');
  });
});

test('exp and log1p of the kernels are within two units in the last place', () => {
  const { arena, kernels } = teams[0]!;
  const random = new RandomState(3);
  const count = 20_000;
  const exponents = Float64Array.from(
    { length: count },
    (_, i) => (i % 2 ? -1 : -700) * random.randomSample(),
  );
  exponents.set([0, -0, -1e-320, -1e-17, -707.9, -708.1, -1e300, Number.NEGATIVE_INFINITY]);
  const shares = Float64Array.from({ length: count }, (_, i) => random.randomSample() ** (1 + (i % 40)));
  shares.set([0, 1, 1e-320, 1e-17, Math.SQRT2 - 1, 0.5]);
  arena.scope(() => {
    const x = arena.place(exponents);
    const e = arena.place(shares);
    const out = arena.f64(count);
    kernels.exponentials(0, 1, x, out, count);
    // Math.exp and Math.log1p are within one unit themselves; results below 2^-1021 are taken as 0.
    arena.viewF64(out, count).forEach((value, i) => {
      const exact = exponents[i]! < -708 ? 0 : Math.exp(exponents[i]!);
      assert.ok(Math.abs(value - exact) <= 2 ** -51 * exact, `exp(${exponents[i]}) = ${value}`);
    });
    kernels.logarithmsOfOnePlus(0, 1, e, out, count);
    arena.viewF64(out, count).forEach((value, i) => {
      const exact = Math.log1p(shares[i]!);
      assert.ok(Math.abs(value - exact) <= 2 ** -51 * exact, `log1p(${shares[i]}) = ${value}`);
    });
  });
});

test('the gradient is the derivative of the loss for any shape', async () => {
  const shapes = fc.record({
    rows: fc.integer({ min: 2, max: 150 }),
    columns: fc.integer({ min: 1, max: 9 }),
    classes: fc.integer({ min: 2, max: 6 }),
    intercept: fc.boolean(),
    scale: fc.constantFrom<Case['scale']>('deviation', 'none'),
    weighted: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(shapes, fc.nat(1e6), async (shape, seed) => {
      const { gradient, plain, value } = await evaluate(
        teams[1]!,
        { ...shape, rows: Math.max(shape.rows, shape.classes) },
        seed,
      );
      close([value], [plain.value], 'value');
      close(gradient, plain.gradient, 'gradient');
    }),
    { numRuns: 60 },
  );
});
