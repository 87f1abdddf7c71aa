import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { RandomState } from '../core/random.ts';
import { Team } from '../kernels/host/team.ts';
import { plainQr } from '../kernels/plain/qr.ts';
import { padded } from './design.ts';
import { applyQ, extraColumn, pivotedQr, trapezoid } from './pivoted-qr.ts';

const teams = [1, 2, 3].map((threads) => new Team(threads));
after(() => Promise.all(teams.map((team) => team.close())));

function factor(team: Team, a: readonly (readonly number[])[], columns: number, tolerance = 0) {
  const workers = { team, checkpoint() {} };
  const stride = padded(a.length);
  const width = a[0]!.length;
  const pointer = team.arena.zeros(stride * width);
  const view = team.arena.viewF64(pointer, stride * width);
  a.forEach((row, i) => {
    row.forEach((value, j) => {
      view[j * stride + i] = value;
    });
  });
  const qr = pivotedQr(
    workers,
    { pointer, rows: a.length, columns, extra: width - columns, stride },
    tolerance,
  );
  return { workers, qr, r: trapezoid(workers, qr) };
}

function random(rows: number, columns: number): number[][] {
  const state = new RandomState(rows * columns);
  return Array.from({ length: rows }, () =>
    Array.from({ length: columns }, (_, j) => state.standardNormal() * (1 + (j % 5))),
  );
}

for (const [rows, columns] of [
  [1, 1],
  [5, 3],
  [3, 7],
  [33, 20],
  [20, 33],
  [300, 150],
] as const) {
  test(`${rows} × ${columns}: R and the order of columns are those of the definition, with the same bits for any number of threads`, () => {
    const a = random(rows, columns);
    const steps = Math.min(rows, columns);
    const [one, two, three] = teams.map((team) => factor(team, a, columns));
    const wanted = plainQr(a, steps, 'pivoted');
    assert.equal(one!.qr.rank, steps);
    assert.deepEqual([...one!.qr.order], wanted.order);
    for (let i = 0; i < steps; i++) {
      const sign = Math.sign(one!.r[i * columns + i]!);
      for (let j = i; j < columns; j++) {
        // Gram–Schmidt, the oracle, loses digits with the condition, which is below 1e3 here.
        assert.ok(Math.abs(sign * one!.r[i * columns + j]! - wanted.r[i]![j]!) < 1e-10, `${i}, ${j}`);
      }
    }
    assert.deepEqual(two!.r, one!.r);
    assert.deepEqual(three!.r, one!.r);
  });
}

test('Q applied to Qᵀb gives back b where b is in the range of A', () => {
  const a = random(40, 12);
  const right = a.map((row) => row.reduce((sum, value, j) => sum + value * (j - 3), 0));
  const { workers, qr } = factor(
    teams[0]!,
    a.map((row, i) => [...row, right[i]!]),
    12,
  );
  const back = applyQ(workers, qr, extraColumn(workers, qr.matrix, 0, qr.rank));
  // Rounding errors of 24 reflections of numbers of size 100.
  back.forEach((value, i) => {
    assert.ok(Math.abs(value - right[i]!) < 1e-12);
  });
});

test('the rank counts columns that add more than the tolerance', () => {
  const a = random(30, 4).map(([p, q, r, s]) => [p!, q!, p! + q!, r!, r! + 1e-9 * s!]);
  assert.equal(factor(teams[0]!, a, 5, 1e-14).qr.rank, 4);
  assert.equal(factor(teams[1]!, a, 5, 1e-7).qr.rank, 3);
  assert.equal(factor(teams[0]!, [[0, 0]], 2, 1e-14).qr.rank, 0);
});
