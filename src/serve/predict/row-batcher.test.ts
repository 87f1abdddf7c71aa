import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DataError, JobError } from '../../core/errors.ts';
import { Frame } from '../../core/frame.ts';
import { RowBatcher } from './row-batcher.ts';

const toFrame = (rows: readonly unknown[]) => {
  for (const row of rows) if (row === 'bad') throw new DataError('data/bad', 'bad');
  return Frame.fromColumns({ a: rows as number[] });
};
const double = (x: Frame) => ({ kind: 'values' as const, values: x.numbers('a').map((value) => 2 * value) });

/** The prediction of a row, from its own place in its batch. */
function predictionOf(batcher: RowBatcher, row: unknown): Promise<number> {
  return new Promise((resolve, reject) => {
    batcher.add(row, (error, predictions, _, i) => {
      if (error !== undefined) reject(error);
      else resolve((predictions as { values: Float64Array }).values[i!]!);
    });
  });
}

test('rows of one turn are predicted together, each gets its own, and never too many at once', async () => {
  const batches: number[] = [];
  const batcher = new RowBatcher({ toFrame, predict: double, onBatch: (rows) => void batches.push(rows) });
  const rows = Array.from({ length: 300 }, (_, i) => i);
  const made = await Promise.all(rows.map((row) => predictionOf(batcher, row)));
  assert.deepEqual(
    made,
    rows.map((row) => 2 * row),
  );
  assert.deepEqual(batches, [256, 44]);
  assert.equal(await predictionOf(batcher, 7), 14);
  assert.deepEqual(batches, [256, 44, 1]);
  assert.equal(batcher.waiting, 0);
});

test('while the model is at work rows gather', async () => {
  const batches: number[] = [];
  const predict = async (x: Frame) => {
    await new Promise(setImmediate);
    return double(x);
  };
  const batcher = new RowBatcher({ toFrame, predict, onBatch: (rows) => void batches.push(rows) });
  const first = predictionOf(batcher, 1);
  await new Promise(setImmediate);
  const others = [2, 3, 4].map((row) => predictionOf(batcher, row));
  assert.equal(await first, 2);
  assert.deepEqual(await Promise.all(others), [4, 6, 8]);
  assert.deepEqual(batches, [1, 3]);
});

test('a bad row fails alone, whether its cells are wrong or the model refuses it', async () => {
  const refuses = (x: Frame) => {
    if (x.numbers('a').includes(13)) throw new DataError('data/unlucky', 'unlucky');
    return double(x);
  };
  for (const predict of [refuses, async (x: Frame) => refuses(x)]) {
    const batcher = new RowBatcher({ toFrame, predict });
    const made = await Promise.allSettled([1, 'bad', 13, 4].map((row) => predictionOf(batcher, row)));
    assert.deepEqual(
      made.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.code)),
      [2, 'data/bad', 'data/unlucky', 8],
    );
    assert.equal(await predictionOf(batcher, 5), 10);
  }
});

test('a failure of the model itself is that of all, without a second try', async () => {
  let calls = 0;
  const predict = () => {
    calls++;
    throw new JobError('job/failed', 'failed');
  };
  const batcher = new RowBatcher({ toFrame, predict });
  const made = await Promise.allSettled([1, 2, 3].map((row) => predictionOf(batcher, row)));
  assert.ok(made.every(({ status }) => status === 'rejected'));
  assert.equal(calls, 1);
});
