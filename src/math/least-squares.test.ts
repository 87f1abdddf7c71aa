import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Matrix } from '../core/matrix.ts';
import { RandomState } from '../core/random.ts';
import { Team } from '../kernels/host/team.ts';
import { leastSquares } from './least-squares.ts';
import type { LeastSquaresProblem, LinearSolution } from './least-squares-problem.ts';

const teams = [1, 2, 3].map((threads) => new Team(threads));
after(() => Promise.all(teams.map((team) => team.close())));

const solve = (problem: LeastSquaresProblem, team = teams[0]!) =>
  leastSquares({ team, checkpoint() {} }, problem);

/** A table of normal numbers, changed row by row, with y = Σ x_j (j − 1) + 5 + noise. */
function table(
  rows: number,
  columns: number,
  change: (row: Float64Array, i: number) => void = () => {},
  noise = 1,
): LeastSquaresProblem {
  const random = new RandomState(rows * 31 + columns);
  const x = Matrix.zeros(rows, columns);
  const y = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const row = x.row(i);
    for (let j = 0; j < columns; j++) row[j] = random.standardNormal();
    change(row, i);
    y[i] = row.reduce((sum, value, j) => sum + value * (j - 1), 5) + noise * random.standardNormal();
  }
  return { x, y, targets: 1, fitIntercept: true };
}

/** The largest difference of coefficients relative to the largest coefficient. */
function difference(a: LinearSolution, b: LinearSolution): number {
  const size = Math.max(...a.coef.map(Math.abs));
  return Math.max(...a.coef.map((value, i) => Math.abs(value - b.coef[i]!))) / size;
}

test('the same bits for any number of threads, whatever the method', async () => {
  const dependent = (row: Float64Array) => {
    row[3] = row[0]! + row[1]!;
  };
  for (const problem of [
    table(6000, 24),
    table(6000, 24, dependent),
    { ...table(6000, 24), alpha: 2, sampleWeight: Float64Array.from({ length: 6000 }, (_, i) => i % 4) },
    { ...table(60, 200), alpha: 2 },
    table(60, 200),
    { ...table(6000, 24), positive: true },
  ]) {
    const [one, two, three] = await Promise.all(teams.map((team) => solve(problem, team)));
    assert.deepEqual(two, one);
    assert.deepEqual(three, one);
  }
});

test('normal equations, refined where the condition asks for it, agree with QR', async () => {
  // Columns 1 … 3 are column 0 but for 10^-4, 10^-3 and 10^-2: κ = 1e4, at the edge of what refinement repairs.
  const close = (row: Float64Array) => {
    for (let j = 1; j < 4; j++) row[j] = row[0]! + row[j]! * 10 ** (j - 5);
  };
  for (const problem of [
    table(20_000, 20),
    table(20_000, 20, close),
    { ...table(20_000, 20, close), alpha: 1e-3 },
    { ...table(20_000, 20, close), fitIntercept: false },
  ]) {
    const gram = await solve({ ...problem, solver: 'cholesky' });
    const qr = await solve({ ...problem, solver: 'qr' });
    // Coefficients of size 100 with residuals of size 1: rounding errors of the data alone move them by (κ + κ² / 100) ε = 2e-10.
    assert.ok(difference(gram, qr) < 1e-9, `${difference(gram, qr)}`);
  }
});

test('a condition of 1e7 in tall data costs no more digits than it must', async () => {
  const problem = table(
    20_000,
    20,
    (row) => {
      row[3] = row[2]! + row[3]! * 1e-7;
    },
    0,
  );
  const { coef, rank } = await solve(problem);
  assert.equal(rank, 20);
  // Exact but for κε = 2e-9 times a modest factor; normal equations unrefined would be off by κ²ε = 0.02.
  coef.forEach((value, j) => {
    assert.ok(Math.abs(value - (j - 1)) < 1e-7, `${j}: ${value}`);
  });
});

test('a mean a billion deviations away costs no more digits than the data lost to it', async () => {
  const near = table(20_000, 20);
  const far = table(20_000, 20, (row) => {
    row[2]! += 2 ** 30;
  });
  // x + 2^30 keeps 22 bits below the point: 2^-23 relative to a deviation of 1, averaged over 20,000 rows.
  assert.ok(difference(await solve(near), await solve({ ...far, y: near.y })) < 1e-7);
});

test('sampled rows that weigh nothing to speak of do not cost digits', async () => {
  for (const solver of ['cholesky', 'qr'] as const) {
    const rows = 20_000;
    const sampled = new Set(Array.from({ length: 512 }, (_, k) => Math.floor((k * rows) / 512)));
    const plain = table(rows, 3);
    const sampleWeight = Float64Array.from({ length: rows }, (_, i) => (sampled.has(i) ? 1e-30 : 1));
    const far = Matrix.fromRows(plain.x.toRows());
    // Whole numbers, so that nothing is lost in the data.
    for (let i = 0; i < rows; i++)
      if (!sampled.has(i)) far.row(i)[1] = Math.round(far.row(i)[1]! * 8) / 8 + 2 ** 30;
    const near = Matrix.fromRows(far.toRows());
    for (let i = 0; i < rows; i++) if (!sampled.has(i)) near.row(i)[1]! -= 2 ** 30;
    const found = await solve({ ...plain, x: far, sampleWeight, solver });
    const wanted = await solve({ ...plain, x: near, sampleWeight, solver });
    assert.equal(found.rank, 3);
    // The same problem but for rows of weight 1e-30, 2^30 deviations away: they weigh 1e-12 of a row in 20,000.
    assert.ok(difference(found, wanted) < 1e-13, `${solver}: ${difference(found, wanted)}`);
  }
});

test('non-negative coefficients of nearly dependent columns are those of QR, not of the normal equations', async () => {
  const problem = table(
    60,
    4,
    (row) => {
      for (let j = 1; j < 4; j++) row[j] = row[0]! + row[j]! * 1e-5;
    },
    0,
  );
  // y without noise: coefficients −1 … 2 become 1 … 4 by adding twice the sum of the row.
  const y = problem.y.map((value, i) => value + 2 * problem.x.row(i).reduce((sum, v) => sum + v, 0));
  const { coef } = await solve({ ...problem, y, positive: true });
  // κε = 1e-10, where normal equations give κ²ε = 1e-5.
  coef.forEach((value, j) => {
    assert.ok(Math.abs(value - (j + 1)) < 1e-8, `${value}`);
  });
});

test('dependent columns in tall data share their coefficient as the smallest norm in their units demands', async () => {
  for (const rows of [50, 30_000]) {
    // Column 3 is twice column 0, in units a million times larger.
    const problem = table(rows, 6, (row) => {
      row[3] = 2e-6 * row[0]!;
    });
    const full = await solve(problem);
    assert.equal(full.rank, 5);
    const alone = await solve({
      ...problem,
      x: Matrix.fromRows(problem.x.toRows().map((row) => row.filter((_, j) => j !== 3))),
    });
    // c = a + 2e-6 b with the smallest a² + b²: a = c / (1 + 4e-12), b = 2e-6 a.
    const a = alone.coef[0]! / (1 + 4e-12);
    assert.ok(Math.abs(full.coef[0]! - a) < 1e-11 * Math.abs(a));
    assert.ok(Math.abs(full.coef[3]! - 2e-6 * a) < 1e-11 * Math.abs(2e-6 * a));
  }
});

test('units of 10^±150 change neither rank nor fit', async () => {
  for (const rows of [40, 30_000]) {
    const plain = table(rows, 4);
    const units = [1e150, 1e-150, 1, 1e20];
    const x = Matrix.fromRows(plain.x.toRows().map((row) => row.map((value, j) => value * units[j]!)));
    const reference = await solve(plain);
    const scaled = await solve({ ...plain, x });
    assert.equal(scaled.rank, 4);
    for (let j = 0; j < 4; j++) {
      const back = scaled.coef[j]! * units[j]!;
      // Values are rounded once more in other units.
      assert.ok(Math.abs(back - reference.coef[j]!) < 1e-12 * Math.abs(reference.coef[3]!));
    }
  }
});

test('constant columns get coefficient 0 and do not count', async () => {
  for (const rows of [10, 20_000]) {
    const { coef, rank } = await solve(
      table(rows, 5, (row) => {
        row[1] = 0.1;
        row[4] = 0;
      }),
    );
    assert.equal(coef[1], 0);
    assert.equal(coef[4], 0);
    assert.equal(rank, 3);
  }
});

test('with more columns than rows the fit is exact and orthogonal to what fits as well', async () => {
  const problem = table(20, 50);
  const { coef, intercept, rank } = await solve(problem);
  assert.equal(rank, 19);
  for (let i = 0; i < 20; i++) {
    const value = problem.x.row(i).reduce((sum, v, j) => sum + v * coef[j]!, intercept[0]!);
    // 50 terms of size 10.
    assert.ok(Math.abs(value - problem.y[i]!) < 1e-11);
  }
  // The smallest solution lies in the span of the centred rows, so fitting it by them leaves nothing.
  const rows = Array.from({ length: 19 }, (_, i) =>
    problem.x.row(i).map((value, j) => value - problem.x.at(19, j)),
  );
  const span = Matrix.fromRows(Array.from({ length: 50 }, (_, j) => rows.map((row) => row[j]!)));
  const within = await solve({ x: span, y: coef, targets: 1, fitIntercept: false });
  for (let j = 0; j < 50; j++) {
    const value = span.row(j).reduce((sum, v, i) => sum + v * within.coef[i]!, 0);
    assert.ok(Math.abs(value - coef[j]!) < 1e-12);
  }
});

test('ridge with more columns than rows is the same by its dual system and by QR, down to tiny penalties', async () => {
  for (const alpha of [1e-12, 1e-3, 10]) {
    for (const fitIntercept of [true, false]) {
      const problem = { ...table(30, 80), alpha, fitIntercept };
      const dual = await solve(problem);
      const qr = await solve({ ...problem, solver: 'qr' });
      // Condition (κ of A Aᵀ) about 100.
      assert.ok(difference(dual, qr) < 1e-12, `${alpha}: ${difference(dual, qr)}`);
    }
  }
});

test('non-negative fits agree between methods', async () => {
  const problem = { ...table(20_000, 20), positive: true };
  const gram = await solve(problem);
  const qr = await solve({ ...problem, solver: 'qr' });
  assert.equal(gram.coef[0], 0);
  // Condition of about 1.
  assert.ok(difference(gram, qr) < 1e-12);
});

test('numbers that overflow are an error, never a model', async () => {
  const problem = table(8, 2);
  await assert.rejects(
    solve({ ...problem, y: problem.y.map((_, i) => (i % 2 === 0 ? 1.7e308 : -1.7e308)) }),
    {
      code: 'job/overflow',
    },
  );
});

test('a stop between slices of work reaches the caller and frees the memory', async () => {
  const team = teams[0]!;
  const before = team.arena.mark();
  const stop = new Error('stop');
  const stopped = leastSquares(
    {
      team,
      checkpoint() {
        throw stop;
      },
    },
    table(20_000, 20),
  );
  await assert.rejects(stopped, stop);
  assert.equal(team.arena.mark(), before);
});
