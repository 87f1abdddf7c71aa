import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { RandomState } from '../core/random.ts';
import { Team } from '../kernels/host/team.ts';
import { shardRanges } from './shards.ts';

const team = new Team(1);
after(() => team.close());

test('kernel calls cover each row of each shard once, in order, whatever the work', () => {
  const shape = fc.record({
    blocks: fc.integer({ min: 1, max: 40 }),
    count: fc.integer({ min: 1, max: 64 }),
    threads: fc.integer({ min: 1, max: 5 }),
    // From a whole table a call to one block of 64 rows a call.
    workPerRow: fc.constantFrom(1, 100, 5000, 40_000, 1e6, 1e9),
  });
  fc.assert(
    fc.property(shape, ({ blocks, count, threads, workPerRow }) => {
      const rows = 64 * blocks;
      const next = new Int32Array(count);
      for (const [from, to, first, last] of shardRanges({ rows, count }, threads, workPerRow)) {
        assert.ok(first % 64 === 0 && last % 64 === 0 && last > first);
        for (let shard = from; shard < to; shard++) {
          assert.equal(next[shard], first);
          next[shard] = last;
        }
      }
      assert.ok(next.every((row) => row === rows));
    }),
  );
});

test('a shard swept in slices gives the bits of one swept at once', () => {
  const [stride, rows, shardRows, lanes] = [12, 320, 192, 4];
  const random = new RandomState(0);
  const normal = (count: number) => Float64Array.from({ length: count }, () => random.standardNormal());
  const { arena, kernels } = team;
  const x = arena.place(normal(rows * stride));
  const s = arena.place(normal(rows).map(Math.abs));
  const y = arena.place(normal(rows).map((v) => (v > 0 ? 1 : 0)));
  const codes = arena.place(Int32Array.from({ length: rows }, (_, i) => i % 3));
  const w = arena.place(normal(stride * lanes));
  const scratch = arena.f64(64 * stride);
  type Call = (parts: number, first: number, last: number) => void;
  const sweeps: Record<string, readonly [size: number, call: Call]> = {
    logisticSweep: [
      2 + stride,
      (parts, first, last) =>
        kernels.logisticSweep(
          0,
          1,
          x,
          stride,
          y,
          s,
          rows,
          shardRows,
          0,
          2,
          first,
          last,
          w,
          0,
          parts,
          scratch,
          64,
        ),
    ],
    softmaxSweep: [
      2 + stride * lanes,
      (parts, first, last) =>
        kernels.softmaxSweep(
          ...([0, 1, x, stride, codes, s, rows, shardRows, 0, 2, first, last] as const),
          ...([w, 3, lanes, 0, parts, scratch, 64] as const),
        ),
    ],
    weightedGram: [
      stride * stride,
      (parts, first, last) =>
        kernels.weightedGram(0, 1, x, stride, s, rows, shardRows, 0, 2, first, last, scratch, parts),
    ],
  };
  for (const [name, [size, call]] of Object.entries(sweeps)) {
    const whole = arena.zeros(2 * size);
    const sliced = arena.zeros(2 * size);
    call(whole, 0, shardRows);
    for (const first of [0, 64, 128]) call(sliced, first, first + 64);
    assert.deepEqual(arena.copyF64(sliced, 2 * size), arena.copyF64(whole, 2 * size), name);
    assert.ok(arena.copyF64(whole, 2 * size)[size] !== 0, name);
  }
});
