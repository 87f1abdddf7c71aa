import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Matrix } from '../core/matrix.ts';
import { RandomState } from '../core/random.ts';
import { Team } from '../kernels/host/team.ts';
import {
  type PlainDesign,
  plainDesignRows,
  plainGram,
  plainResidualGradient,
} from '../kernels/plain/gram.ts';
import { plainQr } from '../kernels/plain/qr.ts';
import { type Design, makeDesign } from './design.ts';
import { gramOfRows, residualGradient, triangleOfRows } from './row-pass.ts';

const teams = [1, 2, 3].map((threads) => new Team(threads));
after(() => Promise.all(teams.map((team) => team.close())));
const workers = teams.map((team) => ({ team, checkpoint() {} }));

function example(rows: number, columns: number, targets: number, weighted: boolean) {
  const random = new RandomState(rows + columns);
  const x = Matrix.zeros(rows, columns);
  const y = new Float64Array(rows * targets);
  for (let i = 0; i < x.data.length; i++) x.data[i] = random.standardNormal() + (i % columns);
  for (let i = 0; i < y.length; i++) y[i] = random.standardNormal() - 2;
  const sampleWeight = weighted ? Float64Array.from({ length: rows }, (_, i) => (i * 7) % 5) : undefined;
  const fitIntercept = rows % 2 === 0;
  const design = makeDesign({ x, y, targets, sampleWeight, fitIntercept });
  const plain: PlainDesign = {
    x: x.toRows(),
    y: Array.from({ length: rows }, (_, i) => [...y.subarray(i * targets, (i + 1) * targets)]),
    weights: sampleWeight && [...sampleWeight],
    one: fitIntercept ? 1 : 0,
    ...design,
  };
  return { design, z: plainDesignRows(plain) };
}

/** Sums of up to 6,000 products of numbers of size 1, by blocks here and in one run in the oracle. */
const TOLERANCE = 1e-11;

function assertClose(found: number, wanted: number, where: string) {
  assert.ok(
    Math.abs(found - wanted) <= TOLERANCE * Math.max(1, Math.abs(wanted)),
    `${where}: ${found} ≠ ${wanted}`,
  );
}

async function onAllTeams(run: (workers: { team: Team; checkpoint(): void }) => Promise<Float64Array>) {
  const results = await Promise.all([run(workers[0]!), run(workers[1]!), run(workers[2]!)]);
  assert.deepEqual(results[1], results[0], 'two threads give other bits than one');
  assert.deepEqual(results[2], results[0], 'three threads give other bits than one');
  return results[0]!;
}

for (const [rows, columns, targets, weighted] of [
  [1, 1, 1, false],
  [2, 3, 1, true],
  [7, 11, 2, true],
  [513, 4, 1, false],
  [2500, 30, 3, true],
  [6001, 14, 1, false],
] as const) {
  const name = `${rows} × ${columns}${weighted ? ', weighted' : ''}, ${targets} target(s)`;
  const { design, z } = example(rows, columns, targets, weighted);
  const { width, stride } = design;

  test(`the streamed Gram matrix is ZᵀZ for ${name}, with the same bits for any number of threads`, async () => {
    const found = await onAllTeams((w) => gramOfRows(w, design));
    const wanted = plainGram(z);
    for (let i = 0; i < width; i++) {
      for (let j = i; j < width; j++) assertClose(found[i * stride + j]!, wanted[i]![j]!, `${i}, ${j}`);
    }
  });

  test(`the streamed gradient is −ZᵀZv for ${name}, with the same bits for any number of threads`, async () => {
    const v = new Float64Array(targets * stride);
    for (let t = 0; t < targets; t++) {
      for (let j = 0; j < width; j++) v[t * stride + j] = Math.cos(j + 3 * t);
    }
    const found = await onAllTeams((w) => residualGradient(w, design, v));
    for (let t = 0; t < targets; t++) {
      const wanted = plainResidualGradient(z, v.subarray(t * stride));
      // Residuals of size √width make larger terms.
      wanted.forEach((value, j) => {
        assertClose(found[t * stride + j]! / width, value / width, `${t}, ${j}`);
      });
    }
  });

  if (rows > width)
    test(`the streamed triangle is R of Z for ${name}, with the same bits for any number of threads`, () =>
      checkTriangle(design, z));
}

async function checkTriangle({ stride, width, problem }: Design, z: readonly (readonly number[])[]) {
  const design = makeDesign(problem);
  const found = await onAllTeams((w) => triangleOfRows(w, design));
  // Without intercept Z's first column is 0 and R's first row with it.
  const skip = problem.fitIntercept ? 0 : 1;
  const eliminated = 1 + problem.x.columns - skip;
  const { r } = plainQr(
    z.map((row) => row.slice(skip)),
    eliminated,
  );
  for (let i = 0; i < eliminated; i++) {
    const row = (i + skip) * stride + skip;
    const sign = Math.sign(found[row + i]!);
    for (let j = i; j < width - skip; j++) assertClose(sign * found[row + j]!, r[i]![j]!, `${i}, ${j}`);
  }
}

test('a dependent column whose residue nears the underflow leaves the triangle finite', () => {
  const team = new Team(1);
  const { arena } = team;
  // The second column's residue has a square of 1e-320; the third column is the target.
  const triangle = arena.place(Float64Array.of(1, 1, 1, 0, 1e-160, 1, 0, 0, 1));
  const z = arena.place(Float64Array.of(0, 1e-160, 1, 0, -2e-160, 1));
  team.solo('foldRows', z, 2, 3, 2, 3, triangle, arena.f64(3 * 4));
  assert.ok(arena.viewF64(triangle, 9).every(Number.isFinite));
});
