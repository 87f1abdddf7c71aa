import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { Team } from '../../kernels/host/team.ts';
import { plainDualObjective, plainKernelValue, plainViolation } from '../../kernels/plain/svm.ts';
import type { KernelFunction } from './kernel-function.ts';
import { placeSums, sumKernels } from './kernel-sums.ts';
import { kernelPoints } from './points.ts';
import { screenedOutputs } from './screened-outputs.ts';
import { solveSmo } from './solve-smo.ts';

const teams = [1, 2, 3].map((threads) => new Team(threads));
after(() => Promise.all(teams.map((team) => team.close())));

const workersOf = (team: Team) => ({ team, checkpoint: () => {} });
const kernels = fc.constantFrom<KernelFunction>(
  { name: 'rbf', gamma: 0.4, degree: 0, coef0: 0 },
  { name: 'linear', gamma: 0, degree: 0, coef0: 0 },
  { name: 'poly', gamma: 0.3, degree: 3, coef0: 0.5 },
  { name: 'sigmoid', gamma: 0.2, degree: 0, coef0: -0.1 },
);

function table(rows: number, columns: number, seed: number): Matrix {
  const random = new RandomState(seed);
  // Whole halves: some rows are alike.
  const data = random.fillNormal(new Float64Array(rows * columns)).map((value) => Math.round(2 * value) / 2);
  return new Matrix({ rows, columns, data });
}

test('whatever the kernel, bounds and cache, what is found is optimal by the plain formulas', () => {
  fc.assert(
    fc.property(
      fc.record({
        kernel: kernels,
        rows: fc.integer({ min: 2, max: 70 }),
        columns: fc.integer({ min: 1, max: 9 }),
        seed: fc.nat(1000),
        form: fc.constantFrom('classes', 'values', 'one'),
        cacheBytes: fc.constantFrom(0, 4000, 1 << 20),
        shrinking: fc.boolean(),
      }),
      ({ kernel, rows, columns, seed, form, cacheBytes, shrinking }) => {
        const x = table(rows, columns, seed);
        const random = new RandomState(seed + 1);
        const sign = Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? 1 : -1));
        const C = Array.from({ length: rows }, () => 0.2 + random.uniform());
        const problem = {
          classes: {
            p: sign.map((s) => -s),
            low: C.map((c, i) => (sign[i]! < 0 ? -c : 0)),
            high: C.map((c, i) => (sign[i]! > 0 ? c : 0)),
            epsilon: 0,
          },
          values: { p: C.map(() => random.standardNormal()), low: C.map((c) => -c), high: C, epsilon: 0.1 },
          one: { p: C.map(() => 0), low: C.map(() => 0), high: C, epsilon: 0 },
        }[form];
        const start = form === 'one' ? Float64Array.from(C, (c) => c / 2) : undefined;
        const solutions = teams.map((team) =>
          solveSmo(workersOf(team), {
            points: kernelPoints(kernel, x),
            rows: Int32Array.from({ length: rows }, (_, i) => i),
            ...{ start, cacheBytes, shrinking, epsilon: problem.epsilon, tol: 1e-6, maxIter: 200_000 },
            p: Float64Array.from(problem.p),
            low: Float64Array.from(problem.low),
            high: Float64Array.from(problem.high),
          }),
        );
        for (const other of solutions.slice(1)) assert.deepEqual(other, solutions[0]);
        const { beta, objective, converged } = solutions[0]!;
        assert.ok(converged);
        const list = x.toRows();
        const dual = { ...problem, gram: list.map((a) => list.map((b) => plainKernelValue(kernel, a, b))) };
        const size = Math.max(1, ...dual.gram.flat().map(Math.abs));
        // Gradients are sums of up to 70 kernel values rounded to float32.
        const slack = 1e-6 + 70 * 2 ** -23 * size;
        assert.ok(plainViolation(dual, beta) <= slack, `violation ${plainViolation(dual, beta)}`);
        beta.forEach((value, i) => {
          assert.ok(value >= problem.low[i]! && value <= problem.high[i]!);
        });
        const sum = beta.reduce((a, b) => a + b, 0);
        const fixed = start?.reduce((a, b) => a + b, 0) ?? 0;
        assert.ok(Math.abs(sum - fixed) < 1e-9 * rows);
        const plain = plainDualObjective(dual, beta);
        assert.ok(Math.abs(plain - objective) <= 70 * slack * (1 + Math.abs(plain)));
      },
    ),
    { numRuns: 60, seed: 5 },
  );
});

test('sums of kernel values are the plain ones, the same for one query as for many', () => {
  fc.assert(
    fc.property(
      fc.record({
        kernel: kernels,
        support: fc.integer({ min: 1, max: 40 }),
        queries: fc.integer({ min: 1, max: 30 }),
        columns: fc.integer({ min: 1, max: 9 }),
        seed: fc.nat(1000),
      }),
      ({ kernel, support, queries, columns, seed }) => {
        const [vectors, asked] = [table(support, columns, seed), table(queries, columns, seed + 1)];
        const coefs = new RandomState(seed + 2).fillNormal(new Float64Array(2 * support));
        const half = support >> 1;
        const sums = {
          ...{ kernel, columns, coefs, data: vectors.data, outputs: 2 },
          rows: Int32Array.from({ length: support }, (_, i) => i),
          segments: [
            { output: 0, place: 0, first: 0, last: support },
            { output: 1, place: support, first: half, last: support },
          ],
        };
        const results = teams.map((team) =>
          team.arena.scope(() => sumKernels(workersOf(team), placeSums(team.arena, sums), asked.data)),
        );
        for (const other of results.slice(1)) assert.deepEqual(other, results[0]);
        const [team] = teams as [Team];
        asked.toRows().forEach((query, i) => {
          const values = vectors.toRows().map((vector) => plainKernelValue(kernel, query, vector));
          const plain = [
            values.reduce((sum, value, s) => sum + coefs[s]! * value, 0),
            values.slice(half).reduce((sum, value, s) => sum + coefs[support + s]! * value, 0),
          ];
          const size = values.reduce((sum, value) => sum + Math.abs(value), 1);
          plain.forEach((value, o) => {
            // Sums in another order, powers by products, exponentials to a unit in the last place.
            assert.ok(Math.abs(results[0]![2 * i + o]! - value) <= 1e-12 * size);
          });
          const alone = team.arena.scope(() =>
            sumKernels(workersOf(team), placeSums(team.arena, sums), asked.row(i)),
          );
          assert.deepEqual(alone, results[0]!.slice(2 * i, 2 * i + 2));
        });
      },
    ),
    { numRuns: 60, seed: 6 },
  );
});

test('signs of single rows from float32 values are those of exact ones, or none are given', () => {
  const x = table(300, 4, 21);
  const support = Int32Array.from({ length: 300 }, (_, i) => i);
  const coefs = new RandomState(22).fillNormal(new Float64Array(300));
  const machine = {
    kernel: { name: 'rbf', gamma: 0.3, degree: 0, coef0: 0 },
    ...{ columns: 4, center: Float64Array.of(0.1, 0, -0.2, 1), support, supportVectors: x.data, coefs },
    ...{ segments: Int32Array.of(0, 0, 0, 300), intercept: Float64Array.of(0.01) },
  } as const;
  let given = 0;
  for (let i = 0; i < 300; i++) {
    const asked = new Matrix({ rows: 1, columns: 4, data: x.row(i).map((value) => value + 0.01 * i) });
    const screened = screenedOutputs(machine, asked);
    if (screened === undefined) continue;
    given++;
    const values = x.toRows().map((row) => plainKernelValue(machine.kernel, [...asked.data], row));
    const exact = values.reduce((sum, value, s) => sum + coefs[s]! * value, 0.01);
    assert.equal(Math.sign(screened[0]!), Math.sign(exact));
    assert.ok(Math.abs(screened[0]! - exact) < 1e-4);
  }
  assert.ok(given > 290, `${given} rows`);
  // A row whose output is 0 up to rounding: opposite coefficients of two equal support vectors.
  const pair = Float64Array.of(1, 2, 3, 4, 1, 2, 3, 4);
  const even = {
    ...machine,
    ...{ support: Int32Array.of(0, 1), supportVectors: pair, coefs: Float64Array.of(5, -5) },
    ...{ segments: Int32Array.of(0, 0, 0, 2), intercept: Float64Array.of(1e-9) },
  };
  assert.equal(screenedOutputs(even, new Matrix({ rows: 1, columns: 4, data: pair.slice(0, 4) })), undefined);
});

test('variables come back after they were left out, and rows kept in the cache stay theirs', () => {
  // Enough rows for float32 values, a period of shrinking and a cache that holds a third of the rows.
  const x = table(2400, 5, 3);
  const sign = Array.from({ length: 2400 }, (_, i) =>
    x.at(i, 0) * x.at(i, 1) + 0.3 * x.at(i, 2) > 0 ? 1 : -1,
  );
  const solve = (shrinking: boolean, cacheBytes: number, team: Team) =>
    solveSmo(workersOf(team), {
      points: kernelPoints({ name: 'rbf', gamma: 0.2, degree: 0, coef0: 0 }, x),
      rows: Int32Array.from({ length: 2400 }, (_, i) => i),
      ...{ epsilon: 0, tol: 1e-5, maxIter: 1e6, shrinking, cacheBytes },
      p: Float64Array.from(sign, (s) => -s),
      low: Float64Array.from(sign, (s) => (s < 0 ? -3 : 0)),
      high: Float64Array.from(sign, (s) => (s > 0 ? 3 : 0)),
    });
  const plain = solve(false, 1 << 26, teams[0]!);
  for (const team of teams) {
    const shrunk = solve(true, 8_000_000, team);
    assert.ok(shrunk.converged);
    // Both minima are within tol of optimal; the objective to second order.
    assert.ok(Math.abs(shrunk.objective - plain.objective) <= 1e-8 * Math.abs(plain.objective));
    assert.ok(Math.abs(shrunk.intercept - plain.intercept) < 1e-4);
  }
});

test('an abort is heeded between slices of steps', () => {
  const x = table(1500, 4, 9);
  let calls = 0;
  const checkpoint = () => {
    if (++calls === 3) throw new Error('stop');
  };
  const sign = Array.from({ length: 1500 }, (_, i) => (i % 2 === 0 ? 1 : -1));
  assert.throws(
    () =>
      solveSmo(
        { team: teams[0]!, checkpoint },
        {
          points: kernelPoints({ name: 'rbf', gamma: 5, degree: 0, coef0: 0 }, x),
          rows: Int32Array.from({ length: 1500 }, (_, i) => i),
          ...{ epsilon: 0, tol: 1e-9, maxIter: 1e6, shrinking: true, cacheBytes: 1 << 24 },
          p: Float64Array.from(sign, (s) => -s),
          low: Float64Array.from(sign, (s) => (s < 0 ? -3 : 0)),
          high: Float64Array.from(sign, (s) => (s > 0 ? 3 : 0)),
        },
      ),
    /stop/,
  );
});
