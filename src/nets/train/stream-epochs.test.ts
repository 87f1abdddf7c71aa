import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import type { Job } from '../../jobs/job.ts';
import { Team } from '../../kernels/host/team.ts';
import { sgd } from '../optimizers/optimizers.ts';
import type { TrainingSetup } from './open-trainer.ts';
import { readAhead } from './row-reader.ts';
import type { StreamedProblem } from './stream-epochs.ts';
import { trainNetwork } from './train-network.ts';
import type { TrainingBatch, TrainingSource } from './training-source.ts';

const team = new Team(1);

function job(checkpoint = () => {}): Job {
  team.arena.release();
  return {
    ...{ threads: 1, team, checkpoint, progress: () => {}, warn: () => {} },
    call: () => Promise.reject(new Error('none')),
  };
}

const ROWS = 50;
const random = new RandomState(1);
const data = random.standardNormal(ROWS * 2) as Float64Array;
const target = Float64Array.from({ length: ROWS }, (_, i) => data[2 * i]! - data[2 * i + 1]!);

/** All rows in parts of the given sizes, the last size again and again. */
function sourceOf(sizes: readonly number[]): TrainingSource {
  return {
    rows: ROWS,
    *batches() {
      let from = 0;
      for (let i = 0; from < ROWS; i++) {
        const rows = Math.min(ROWS - from, sizes[Math.min(i, sizes.length - 1)]!);
        yield partOf(from, rows);
        from += rows;
      }
    },
  };
}

function partOf(from: number, rows: number): TrainingBatch {
  return { rows, x: data.slice(2 * from, 2 * (from + rows)), target: target.slice(from, from + rows) };
}

const setup = (): TrainingSetup => ({
  network: { inputShape: [2], layers: [{ kind: 'dense', units: 1 }] },
  ...{ loss: { kind: 'squaredError' }, optimizer: sgd(0.05), batchSize: 4, random: new RandomState(0) },
});

const options = { maxIter: 3, nIterNoChange: null };

test('rows of a source in their order train as those of a table do, whatever the sizes of its parts', async () => {
  const x = new Matrix({ rows: ROWS, columns: 2, data });
  const table = await trainNetwork(job(), { ...setup(), x, target }, { ...options, shuffle: false });
  for (const sizes of [[1], [50], [7], [3, 0, 40, 1]]) {
    const problem: StreamedProblem = { ...setup(), source: sourceOf(sizes), shuffleRows: 0 };
    const streamed = await trainNetwork(job(), problem, options);
    assert.deepEqual(streamed.parameters, table.parameters, `${sizes}`);
    // The losses of batches are added in another order.
    for (const [i, loss] of streamed.losses.entries()) assert.ok(Math.abs(loss - table.losses[i]!) < 1e-12);
  }
});

test('a bounded buffer gives every row once a pass, in another order each time, the same for the same seed', async () => {
  const seen: number[][] = [];
  const source: TrainingSource = {
    rows: ROWS,
    async *batches({ epoch, seed }) {
      seen.push([epoch, seed]);
      for (let from = 0; from < ROWS; from += 10) yield partOf(from, 10);
    },
  };
  const run = (shuffleRows: number) => trainNetwork(job(), { ...setup(), source, shuffleRows }, options);
  const small = await run(8);
  assert.deepEqual(await run(8), small);
  assert.notDeepEqual((await run(0)).parameters, small.parameters);
  assert.deepEqual(
    seen.slice(0, 3).map(([epoch]) => epoch),
    [0, 1, 2],
  );
  assert.equal(new Set(seen.slice(0, 3).map(([, seed]) => seed)).size, 3);
  assert.deepEqual(seen.slice(3, 6), seen.slice(0, 3));
  // 50 rows in batches of 4 are 13 steps a pass.
  assert.equal(small.steps, 39);
});

test('a source is read ahead while others work, and no further', async () => {
  let given = 0;
  const source: TrainingSource = {
    async *batches() {
      for (let from = 0; from < ROWS; from += 5) {
        given += 5;
        yield partOf(from, 5);
      }
    },
  };
  const reader = readAhead(source, { epoch: 0, seed: 0 }, 12);
  await new Promise(setImmediate);
  assert.equal(given, 15);
  const pieces = await reader.take(12);
  assert.deepEqual(
    pieces.map(({ from, count }) => [from, count]),
    [
      [0, 5],
      [0, 5],
      [0, 2],
    ],
  );
  await new Promise(setImmediate);
  assert.equal(given, 25);
  assert.equal(
    (await reader.take(100)).reduce((sum, { count }) => sum + count, 0),
    38,
  );
  assert.deepEqual(await reader.take(1), []);
});

test('what a source throws ends the training, as does a source without rows or with unfit ones', async () => {
  const failing = (batches: TrainingSource['batches']) =>
    trainNetwork(job(), { ...setup(), source: { batches } }, options);
  await assert.rejects(
    failing(function* () {
      yield partOf(0, 5);
      throw new RangeError('the disk is gone');
    }),
    /the disk is gone/,
  );
  await assert.rejects(
    failing(() => []),
    { code: 'data/no-rows' },
  );
  const spoiled = { ...partOf(0, 3), x: Float64Array.of(1, 2, 3, Number.NaN, 5, 6) };
  await assert.rejects(
    failing(() => [spoiled]),
    { code: 'data/not-finite', message: /'1', row 1 is NaN/ },
  );
  await assert.rejects(
    failing(() => [{ ...partOf(0, 3), x: data.slice(0, 4) }]),
    {
      code: 'data/length-mismatch',
      message: /3 rows .* have 6 numbers, but there are 4/,
    },
  );
  const labels: StreamedProblem = {
    ...{ ...setup(), loss: { kind: 'crossEntropy' } },
    network: { inputShape: [2], layers: [{ kind: 'dense', units: 3 }] },
    source: { batches: () => [{ ...partOf(0, 3), target: Int32Array.of(0, 2, 3) }] },
  };
  await assert.rejects(trainNetwork(job(), labels, options), {
    code: 'data/unknown-class',
    message: 'Row 2 is of class number 3, but the network has 3 outputs, for 0 … 2.',
  });
});

test('a source is told to end when the training is stopped', async () => {
  let hasEnded = false;
  const source: TrainingSource = {
    async *batches() {
      try {
        for (;;) yield partOf(0, 10);
      } finally {
        hasEnded = true;
      }
    },
  };
  let steps = 0;
  const stop = () => {
    if (++steps > 20) throw new Error('stopped');
  };
  await assert.rejects(trainNetwork(job(stop), { ...setup(), source }, options), /stopped/);
  assert.ok(hasEnded);
});
