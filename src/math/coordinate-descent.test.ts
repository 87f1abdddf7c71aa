import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { Matrix } from '../core/matrix.ts';
import { RandomState } from '../core/random.ts';
import { Team } from '../kernels/host/team.ts';
import { type PlainLasso, plainObjective, plainSweep } from '../kernels/plain/coordinate-descent.ts';
import { cholesky } from './cholesky.ts';
import { columnForm } from './column-form.ts';
import { coordinateDescent, type DescentOptions } from './coordinate-descent.ts';
import { certify } from './duality-gap.ts';
import { gramForm, placeGram } from './gram-form.ts';
import type { LeastSquaresForm } from './least-squares-form.ts';
import { placeColumns } from './place-columns.ts';

const teams = [1, 2, 3].map((threads) => new Team(threads));
after(() => Promise.all(teams.map((team) => team.close())));

interface Shape {
  readonly rows: number;
  readonly columns: number;
  /** Share of each column that is the same in all: 0.99 makes them nearly collinear. */
  readonly common: number;
}

function makeProblem(
  { rows, columns, common }: Shape,
  seed: number,
): Omit<PlainLasso, 'alpha' | 'beta' | 'positive'> {
  const random = new RandomState(seed);
  const x = Array.from({ length: rows }, () => {
    const shared = random.standardNormal();
    return Array.from({ length: columns }, (_, j) =>
      j % 7 === 6 ? 0 : common * shared + (1 - common) * random.standardNormal(),
    );
  });
  const truth = Array.from({ length: columns }, (_, j) => (j % 3 === 0 ? random.standardNormal() : 0));
  const y = x.map((row) => row.reduce((sum, v, j) => sum + v * truth[j]!, random.standardNormal() / 10));
  return { x, y };
}

type FormName = 'gram' | 'columns';

function makeForm(name: FormName, team: Team, { x, y }: Pick<PlainLasso, 'x' | 'y'>): LeastSquaresForm {
  const columns = x[0]!.length;
  if (name === 'columns') {
    // Weights 1 / rows each: multiplied away, so that both forms mean the same sums.
    const root = Math.sqrt(y.length);
    const scaled = Matrix.fromRows(x.map((row) => row.map((v) => v * root)));
    const options = { targets: 1, sampleWeight: undefined, center: false, checkpoint: undefined };
    const placed = placeColumns(team, scaled, { y: Float64Array.from(y, (v) => v * root), ...options });
    return columnForm(team, placed, { y: placed.target(0) });
  }
  const gram = new Float64Array(columns * columns);
  const correlations = new Float64Array(columns);
  x.forEach((row, i) => {
    for (let j = 0; j < columns; j++) {
      correlations[j]! += row[j]! * y[i]!;
      for (let k = 0; k < columns; k++) gram[j * columns + k]! += row[j]! * row[k]!;
    }
  });
  const targetSquare = y.reduce((sum, v) => sum + v * v, 0);
  return gramForm(team, placeGram(team, gram, columns), { correlations, targetSquare });
}

const options = (team: Team): DescentOptions => ({
  ...{ alpha: 1, beta: 0, positive: false, tol: 1e-10, maxIter: 1000 },
  ...{
    selection: 'cyclic',
    randomState: 0,
    factorize: (matrix, size) => cholesky({ team }, matrix, size)?.solve,
  },
});

for (const name of ['gram', 'columns'] as const) {
  for (const team of teams) {
    test(`a sweep in the ${name} form on ${team.threads} threads follows the formula`, () => {
      const data = makeProblem({ rows: 60, columns: 23, common: 0.3 }, 1);
      team.arena.scope(() => {
        for (const rule of [
          { alpha: 2, beta: 0, positive: false },
          { alpha: 1, beta: 3, positive: true },
        ]) {
          const form = makeForm(name, team, data);
          form.measure();
          const w = new Float64Array(23);
          const list = Int32Array.of(3, 22, 0, 6, 3, 11, 12, 13);
          for (let sweep = 0; sweep < 3; sweep++) {
            plainSweep({ ...data, ...rule }, w, list);
            form.sweep(list, rule);
          }
          // Sums of 60 products in another order.
          form.w.forEach((value, j) => {
            assert.ok(Math.abs(value - w[j]!) < 1e-12, `${value} ≠ ${w[j]}`);
          });
        }
      });
    });
  }

  test(`the ${name} form finds the minimum of any problem, and says how close it is`, () => {
    const cases = fc.record({
      rows: fc.integer({ min: 2, max: 40 }),
      columns: fc.integer({ min: 1, max: 24 }),
      common: fc.constantFrom(0, 0.5, 0.95),
    });
    const penalties = fc.record({
      alpha: fc.constantFrom(0.01, 0.3, 5, 1e6),
      beta: fc.constantFrom(0, 0.1, 2),
      positive: fc.boolean(),
      selection: fc.constantFrom<DescentOptions['selection']>('cyclic', 'random'),
    });
    const team = teams[1]!;
    fc.assert(
      fc.property(cases, penalties, fc.nat(1e6), (shape, penalty, seed) => {
        const data = makeProblem(shape, seed);
        team.arena.scope(() => {
          const form = makeForm(name, team, data);
          const found = coordinateDescent(form, { ...options(team), ...penalty, maxIter: 20_000 });
          assert.ok(found.converged);
          const problem = { ...data, ...penalty };
          const objective = plainObjective(problem, form.w);
          // The gap bounds the distance to the minimum: no plain sweep may go lower by more.
          const w = Float64Array.from(form.w);
          for (let sweep = 0; sweep < 20; sweep++) plainSweep(problem, w, w.keys());
          const { targetSquare } = form;
          assert.ok(objective - plainObjective(problem, w) <= found.gap + 1e-14 * targetSquare);
          if (penalty.positive) assert.ok(form.w.every((wj) => wj >= 0));
          form.norms.forEach((norm, j) => {
            if (norm === 0) assert.equal(form.w[j], 0);
          });
        });
      }),
      { numRuns: 150 },
    );
  });
}

test('any number of threads gives the same bits', () => {
  const data = makeProblem({ rows: 300, columns: 400, common: 0.2 }, 5);
  for (const name of ['gram', 'columns'] as const) {
    const results = teams.map((team) =>
      team.arena.scope(() => {
        const form = makeForm(name, team, data);
        const found = coordinateDescent(form, { ...options(team), alpha: 20 });
        return { found, w: Float64Array.from(form.w) };
      }),
    );
    for (const other of results) assert.deepEqual(other, results[0]);
  }
});

test('nearly collinear columns are solved in few sweeps', () => {
  // Plain coordinate descent needs tens of thousands of sweeps here.
  const team = teams[0]!;
  const data = makeProblem({ rows: 200, columns: 30, common: 0.999 }, 2);
  for (const name of ['gram', 'columns'] as const) {
    team.arena.scope(() => {
      const form = makeForm(name, team, data);
      const found = coordinateDescent(form, { ...options(team), alpha: 0.01, tol: 1e-12 });
      assert.ok(found.converged);
      assert.ok(found.iterations <= 500, `${found.iterations} sweeps`);
    });
  }
});

test('an exhausted budget is reported as not converged', () => {
  const team = teams[0]!;
  const data = makeProblem({ rows: 50, columns: 20, common: 0.9 }, 3);
  team.arena.scope(() => {
    const form = makeForm('gram', team, data);
    const factorize = () => undefined;
    const found = coordinateDescent(form, { ...options(team), alpha: 1e-3, maxIter: 2, factorize });
    assert.equal(found.iterations, 2);
    assert.equal(found.converged, false);
    assert.ok(found.gap > found.tolerance);
  });
});

test('the gap is zero only at the minimum: at w = 0 with α = max |Xᵀy|', () => {
  const team = teams[0]!;
  const data = makeProblem({ rows: 30, columns: 10, common: 0 }, 4);
  team.arena.scope(() => {
    const form = makeForm('columns', team, data);
    const measures = form.measure();
    const alpha = Math.max(...measures.correlations.map(Math.abs));
    const gap = (share: number) =>
      certify(form, measures, { alpha: share * alpha, beta: 0, positive: false }).gap;
    // ½‖y‖² − (yᵀy − ½‖y‖²) leaves the rounding of two sums.
    assert.ok(gap(1) <= 1e-15 * form.targetSquare);
    assert.ok(gap(0.9) > 1e-3 * form.targetSquare);
  });
});
