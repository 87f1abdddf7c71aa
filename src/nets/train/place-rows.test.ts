import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { sharedArray } from '../../core/shared.ts';
import { Team } from '../../kernels/host/team.ts';
import { placeRows } from './place-rows.ts';

// As many as are worth another thread.
const [ROWS, COLUMNS] = [60_001, 10];
const team = new Team(2);
const workers = { threads: 2, team, checkpoint: () => {} };
after(() => team.close());

const data = sharedArray(Float64Array, ROWS * COLUMNS);
for (let i = 0; i < data.length; i++) data[i] = Math.sin(i);
const x = new Matrix({ rows: ROWS, columns: COLUMNS, data });
const target = new Float64Array(ROWS).fill(2);

function placesOf(placed: Float32Array) {
  return {
    ...{ x: placed, target: new Float32Array(ROWS), weight: new Float32Array(ROWS) },
    ...{ inputs: COLUMNS, outputs: 1, classes: undefined, ignored: undefined, weigh: undefined },
  };
}

test('rows are converted by all threads, and what is no longer finite is named', async () => {
  const places = placesOf(sharedArray(Float32Array, data.length));
  await placeRows(workers, places, { x, target });
  assert.deepEqual(places.x, Float32Array.from(data));
  assert.ok(places.target.every((value) => value === 2) && places.weight.every((value) => value === 1));
  for (const [value, code] of [
    [Number.NaN, 'data/not-finite'],
    [1e39, 'data/too-large'],
  ] as const) {
    const at = data.length - 12;
    const before = data[at]!;
    data[at] = value;
    await assert.rejects(placeRows(workers, places, { x, target }), {
      ...{ name: 'DataError', code },
      message: new RegExp(`^Column '8', row ${ROWS - 2}`),
    });
    data[at] = before;
  }
});

test('rows that are not shared are converted by the thread that has them', async () => {
  const places = placesOf(new Float32Array(data.length));
  await placeRows(workers, places, {
    x: new Matrix({ rows: ROWS, columns: COLUMNS, data: data.slice() }),
    target,
  });
  assert.deepEqual(places.x, Float32Array.from(data));
});
