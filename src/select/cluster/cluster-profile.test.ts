import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frame } from '../../core/frame.ts';
import { profileClusters } from './cluster-profile.ts';

const table = Frame.fromRecords(
  Array.from({ length: 12 }, (_, i) => ({
    age: i < 6 ? 20 + i : i === 11 ? null : 60 + i,
    city: i < 6 ? (i === 0 ? 'Genf' : 'Bern') : 'Basel',
    member: i % 2 === 0,
    same: 5,
  })),
);
const labels = Int32Array.from({ length: 12 }, (_, i) => (i < 6 ? 7 : 2));

test('clusters come in order with their rows and the columns that set them apart, the strongest first', () => {
  const profiles = profileClusters(table, labels);
  assert.deepEqual(
    profiles.map(({ cluster, rows }) => [cluster, rows]),
    [
      [2, 6],
      [7, 6],
    ],
  );
  const [second, first] = profiles as [(typeof profiles)[0], (typeof profiles)[0]];
  assert.deepEqual(
    second.contrasts.map(({ column }) => column),
    ['age', 'city'],
  );
  assert.deepEqual(
    { ...second.contrasts[1], difference: Math.round(1e6 * second.contrasts[1]!.difference) / 1e6 },
    // (1 − ½) / √(½ · ½)
    { column: 'city', value: 'Basel', share: 1, overall: 0.5, difference: 1 },
  );
  // Means of what is present.
  assert.equal(second.contrasts[0]!.value, 68);
  const bern = first.contrasts.find(({ column }) => column === 'city')!;
  assert.ok(bern.value === 'Basel' ? bern.share === 0 : bern.value === 'Bern' && bern.share === 5 / 6);
});

test('columns that say nothing of a cluster are left out', () => {
  const profiles = profileClusters(table.select(['same', 'member']), labels);
  assert.deepEqual(
    profiles.map(({ contrasts }) => contrasts.length),
    [0, 0],
  );
});

test('dates are told as dates', () => {
  const days = Frame.fromRecords([{ d: new Date('2020-01-01') }, { d: new Date('2024-01-01') }]);
  const [early] = profileClusters(days, Int32Array.of(0, 1));
  assert.deepEqual([early!.contrasts[0]!.value, early!.contrasts[0]!.overall], ['2020-01-01', '2021-12-31']);
});
