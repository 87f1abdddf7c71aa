import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { RandomState } from '../core/random.ts';
import { Team } from '../kernels/host/team.ts';
import { addProduct, PRODUCT_SCRATCH, rowMajor, type Strided, transposed } from './product.ts';

const teams = [1, 2, 3].map((threads) => new Team(threads));
after(() => Promise.all(teams.map((team) => team.close())));

const shapes = [
  [1, 1, 1],
  [5, 3, 2],
  [6, 300, 4],
  [7, 257, 9],
  [100, 513, 5],
  [50, 70, 131],
] as const;

for (const [rows, depth, columns] of shapes) {
  test(`${rows} × ${depth} times ${depth} × ${columns} is the sum of products in any layout by any number of threads`, () => {
    const random = new RandomState(rows);
    const [a, b, start] = [rows * depth, depth * columns, rows * columns].map((size) =>
      random.standardNormal(size),
    ) as [Float64Array, Float64Array, Float64Array];
    const flip = (values: Float64Array, n: number, m: number) =>
      Float64Array.from(values, (_, at) => values[(at % n) * m + Math.floor(at / n)]!);
    const expected = start.map((value, at) => {
      const [i, j] = [Math.floor(at / columns), at % columns];
      let sum = 0;
      for (let t = 0; t < depth; t++) sum += a[i * depth + t]! * b[t * columns + j]!;
      return value - 2 * sum;
    });
    let first: Float64Array | undefined;
    for (const team of teams) {
      for (const layout of ['plain', 'transposed'] as const) {
        team.arena.scope(() => {
          const { arena } = team;
          const place = (values: Float64Array, n: number, m: number): Strided =>
            layout === 'plain'
              ? rowMajor(arena.place(values), m)
              : transposed(rowMajor(arena.place(flip(values, n, m)), n));
          const c = arena.place(start);
          const scratch = arena.f64(team.threads * PRODUCT_SCRATCH);
          addProduct({ team, checkpoint() {} }, scratch, {
            ...{ rows, depth, columns, factor: -2 },
            a: place(a, rows, depth),
            b: place(b, depth, columns),
            c: rowMajor(c, columns),
          });
          const found = arena.copyF64(c, start.length);
          found.forEach((value, at) => {
            // Sums of up to 513 products of normals in another order.
            assert.ok(Math.abs(value - expected[at]!) < 1e-12, `${value} ≠ ${expected[at]}`);
          });
          first ??= found;
          assert.deepEqual(found, first);
        });
      }
    }
  });
}

test('a narrow product is the sum of products in both layouts by any number of threads', () => {
  const [rows, depth, columns] = [40, 530, 8];
  const random = new RandomState(1);
  const [a, b] = [random.standardNormal(rows * depth), random.standardNormal(depth * columns)];
  const flipped = Float64Array.from(a, (_, at) => a[(at % rows) * depth + Math.floor(at / rows)]!);
  for (const layout of ['plain', 'transposed'] as const) {
    let first: Float64Array | undefined;
    for (const team of teams) {
      team.arena.scope(() => {
        const { arena } = team;
        const [at, row, step] =
          layout === 'plain' ? [arena.place(a), 8 * depth, 8] : [arena.place(flipped), 8, 8 * rows];
        const c = arena.zeros(rows * columns);
        const [bAt, line] = [arena.place(b), 8 * columns];
        team.call('addNarrowProduct', 0, rows, depth, at, row, step, bAt, line, columns, c, line);
        const found = arena.copyF64(c, rows * columns);
        found.forEach((value, k) => {
          let sum = 0;
          for (let t = 0; t < depth; t++)
            sum += a[Math.floor(k / columns) * depth + t]! * b[t * columns + (k % columns)]!;
          // Sums of 530 products of normals in another order.
          assert.ok(Math.abs(value - sum) < 1e-12, `${value} ≠ ${sum}`);
        });
        first ??= found;
        assert.deepEqual(found, first);
      });
    }
  }
});
