import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { Team } from '../../kernels/host/team.ts';
import { plainBin, plainHistogramSplit } from '../../kernels/plain/trees.ts';
import { allocateBinned, BIN_SLOTS, binInto, chooseBins } from './bin.ts';
import { HistogramPool } from './histogram.ts';
import { SplitFinder } from './split.ts';
import { thresholdsOf } from './thresholds.ts';

const teams = [1, 2, 3].map((threads) => new Team(threads));
after(() => Promise.all(teams.map((team) => team.close())));
const checkpoint = () => {};

/** Whole numbers with gaps, so that bins hold several rows; sums of eighths are exact in any order. */
function makeData(rows: number, columns: number, seed: number) {
  const random = new RandomState(seed);
  const x = Matrix.zeros(rows, columns);
  for (let i = 0; i < x.data.length; i++) {
    x.data[i] = random.uniform() < 0.1 ? Number.NaN : random.randint(1 + 40 * (1 + (i % columns)));
  }
  const gradients = Float32Array.from({ length: 2 * rows }, (_, i) =>
    i % 2 === 0 ? random.randint(-40, 40) / 8 : 1,
  );
  return { x, gradients, random };
}

for (const team of teams) {
  const threads = `${team.threads} ${team.threads === 1 ? 'thread' : 'threads'}`;

  test(`bins, histograms and splits are those of the definitions on ${threads}`, async () => {
    for (const [rows, columns] of [
      [7, 1],
      [700, 3],
      [30_000, 7],
    ] as const) {
      const { x, gradients, random } = makeData(rows, columns, rows);
      await team.arena.scopeAsync(async () => {
        const selection = { rows, list: undefined };
        const bins = chooseBins({ team, checkpoint }, x, selection, 64, random);
        const binned = allocateBinned({ team, checkpoint }, bins, rows);
        await binInto({ team, checkpoint }, binned, x, selection, 0);
        const thresholds = Array.from({ length: columns }, (_, j) =>
          Array.from(bins.thresholds.subarray(j * BIN_SLOTS, j * BIN_SLOTS + bins.valueBins[j]! - 1)),
        );
        const byRow = team.arena.viewU8(binned.byRow, rows * binned.stride);
        const byColumn = team.arena.viewU8(binned.byColumn, rows * columns);
        const pool = new HistogramPool({ team, checkpoint }, binned, 8);
        const [slot, half] = [pool.take()!, pool.take()!];
        const pointer = team.arena.place(gradients);
        pool.fill(slot, { list: 0, begin: 0, count: rows }, pointer);
        const odd = Int32Array.from({ length: rows >> 1 }, (_, i) => 2 * i + 1);
        pool.fill(half, { list: team.arena.place(odd), begin: 0, count: odd.length }, pointer);
        const found = team.arena.viewF64(slot, pool.bytes / 8);
        const limits = { l2: 0.5, minGain: 0, minSamplesLeaf: 2, minHessian: 0 };
        const finder = new SplitFinder(team, pool, binned, limits);
        // Takes the half away from the whole, whatever columns are considered.
        finder.find([
          { slot, gradient: 0, hessian: 1, rows: 1, allowed: new Uint8Array(columns), sibling: half },
        ]);
        let at = 0;
        for (let j = 0; j < columns; j++) {
          const pairs = Array.from({ length: bins.valueBins[j]! + 1 }, (): [number, number] => [0, 0]);
          for (let i = 0; i < rows; i++) {
            const bin = plainBin(x.at(i, j), thresholds[j]!);
            assert.equal(byRow[i * binned.stride + j], bin);
            assert.equal(byColumn[j * rows + i], bin);
            if (i % 2 === 1) continue;
            pairs[bin]![0] += gradients[2 * i]!;
            pairs[bin]![1] += 1;
          }
          assert.deepEqual(Array.from(found.subarray(at, at + 2 * pairs.length)), pairs.flat());
          at += 2 * pairs.length;
          const sums = pairs.reduce(([g, h], [a, b]) => [g + a, h + b], [0, 0] as [number, number]);
          const allowed = new Uint8Array(columns);
          allowed[j] = 1;
          const node = { gradient: sums[0], hessian: sums[1], rows: sums[1] };
          const [split] = finder.find([{ slot, ...node, allowed }]);
          const plain = plainHistogramSplit(pairs, 0.5, 2);
          const gain = plain === undefined ? 0 : plain.score - sums[0] ** 2 / (sums[1] + 0.5);
          if (split === undefined) assert.ok(gain <= 1e-12 * (plain?.score ?? 0));
          else {
            assert.deepEqual([split.bin, split.missingLeft], [plain!.bin, plain!.missingLeft]);
            // The same sums of exact numbers, divided and subtracted.
            assert.ok(Math.abs(split.gain - gain) < 1e-12 * plain!.score);
          }
        }
      });
    }
  });

  test(`two children are searched as they are one by one, on ${threads}`, async () => {
    const rows = 3000;
    const columns = 9;
    const { x, gradients, random } = makeData(rows, columns, 5);
    await team.arena.scopeAsync(async () => {
      const selection = { rows, list: undefined };
      const bins = chooseBins({ team, checkpoint }, x, selection, 200, random);
      const binned = allocateBinned({ team, checkpoint }, bins, rows);
      await binInto({ team, checkpoint }, binned, x, selection, 0);
      const pool = new HistogramPool({ team, checkpoint }, binned, 8);
      const pointer = team.arena.place(gradients);
      const list = team.arena.place(Int32Array.from({ length: rows }, (_, i) => (i * 7) % rows));
      const count = 1000;
      const limits = { l2: 0.5, minGain: 0, minSamplesLeaf: 20, minHessian: 0 };
      const finder = new SplitFinder(team, pool, binned, limits);
      const [whole, small, alone] = [pool.take()!, pool.take()!, pool.take()!];
      const sumsOf = (from: number, to: number) => {
        let gradient = 0;
        for (let i = from; i < to; i++) gradient += gradients[2 * ((i * 7) % rows)]!;
        return { gradient, hessian: to - from, rows: to - from };
      };
      pool.fill(whole, { list: 0, begin: 0, count: rows }, pointer);
      const rest = pool.fillMost(small, { list, begin: 0, count }, pointer);
      const together = finder.find(
        [
          { slot: whole, ...sumsOf(count, rows), sibling: small },
          { slot: small, ...sumsOf(0, count) },
        ],
        rest,
      );
      pool.fill(alone, { list, begin: count, count: rows - count }, pointer);
      const [larger] = finder.find([{ slot: alone, ...sumsOf(count, rows) }]);
      pool.fill(alone, { list, begin: 0, count }, pointer);
      const [smaller] = finder.find([{ slot: alone, ...sumsOf(0, count) }]);
      assert.ok(larger !== undefined && smaller !== undefined && larger.column !== undefined);
      // Sums of eighths are exact in any order.
      assert.deepEqual(together, [larger, smaller]);
    });
  });

  test(`rows are partitioned in order on ${threads}`, () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 300 }),
        fc.integer(),
        (bins, seed) => {
          team.arena.scope(() => {
            const random = new RandomState(seed >>> 0);
            const left = Uint8Array.from({ length: 256 }, () => random.randint(2));
            const rows = Int32Array.from(bins, (_, i) => bins.length - 1 - i);
            const list = team.arena.place(rows);
            const [lefts, rights] = [team.arena.i32(rows.length), team.arena.i32(rows.length)];
            const counts = team.arena.allocate(64 * team.threads);
            const table = team.arena.place(left);
            const column = team.arena.place(Uint8Array.from(bins));
            team.call('partitionRows', column, table, list, rows.length, lefts, rights, counts);
            const goes = (row: number) => left[bins[row]!] === 1;
            const all = Array.from(rows);
            assert.deepEqual(Array.from(team.arena.viewI32(list, rows.length)), [
              ...all.filter(goes),
              ...all.filter((row) => !goes(row)),
            ]);
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  test(`columns are argsorted as by comparison, missing values last, on ${threads}`, () => {
    const numbers = fc.oneof(
      fc.double(),
      fc.constantFrom(Number.NaN, 0, -0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
      fc.integer({ min: -3, max: 3 }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(numbers, { minLength: 40, maxLength: 40 }), { minLength: 1, maxLength: 4 }),
        (columns) => {
          team.arena.scope(() => {
            const x = team.arena.place(Float64Array.from(columns.flat()));
            const order = team.arena.i32(columns.length * 40);
            const scratch = team.arena.allocate(team.threads * Math.ceil((24 * 40 + 49152) / 64) * 64);
            team.call('argsortColumns', x, 40, 0, columns.length, order, scratch);
            for (const [j, column] of columns.entries()) {
              const expected = [...column.keys()].sort((a, b) => {
                const [u, v] = [column[a]!, column[b]!];
                if (Number.isNaN(u) || Number.isNaN(v))
                  return Number(Number.isNaN(u)) - Number(Number.isNaN(v)) || a - b;
                return u === v ? a - b : u - v;
              });
              assert.deepEqual(Array.from(team.arena.viewI32(order + 160 * j, 40)), expected);
            }
          });
        },
      ),
      { numRuns: 60 },
    );
  });
}

test('thresholds split values into bins of which none is empty, as many as allowed where values suffice', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: 0, max: 9 })), {
        minLength: 1,
        maxLength: 400,
      }),
      fc.integer({ min: 2, max: 20 }),
      (values, maxBins) => {
        const sorted = Float64Array.from(values, (v) => v + 0).sort();
        const thresholds = thresholdsOf(sorted, maxBins);
        const distinct = new Set(sorted).size;
        assert.ok(thresholds.length < maxBins);
        if (distinct <= maxBins) assert.equal(thresholds.length, distinct - 1);
        const counts = new Array<number>(thresholds.length + 1).fill(0);
        for (const value of sorted) counts[plainBin(value, thresholds)]!++;
        assert.ok(
          counts.every((count) => count > 0),
          `${counts}`,
        );
      },
    ),
  );
});

test('values spread evenly are put into bins of even size, and a frequent value is the last of its bin', () => {
  const even = Float64Array.from({ length: 1000 }, (_, i) => i);
  const counts = new Array<number>(10).fill(0);
  for (const value of even) counts[plainBin(value, thresholdsOf(even, 10))]!++;
  assert.deepEqual(counts, new Array(10).fill(100));
  const spiked = Float64Array.from({ length: 1000 }, (_, i) => (i < 300 ? i : i < 700 ? 500 : i)).sort();
  const bins = Array.from(spiked, (value) => plainBin(value, thresholdsOf(spiked, 10)));
  const own = bins[spiked.indexOf(500)]!;
  const inside = spiked.filter((_, i) => bins[i] === own);
  assert.equal(Math.max(...inside), 500);
  // What is left over from the bins before, less than half a bin.
  assert.ok(inside.filter((value) => value < 500).length < 33);
});
