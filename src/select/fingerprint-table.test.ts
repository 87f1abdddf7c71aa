import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frame, takeColumn } from '../core/frame.ts';
import { Matrix } from '../core/matrix.ts';
import { fingerprintTable } from './fingerprint-table.ts';

const table = () =>
  Frame.fromColumns({ size: [1, 2, null], town: ['b', 'a', 'b'], sold: [true, false, null] });

test('equal cells have equal fingerprints, however the text is coded', async () => {
  const coded = table().with('town', {
    kind: 'string',
    codes: Int32Array.of(2, 0, 2),
    levels: ['a', 'unused', 'b'],
  });
  assert.equal(await fingerprintTable(coded), await fingerprintTable(table()));
  const copied = table().with('size', takeColumn(table().column('size'), [0, 1, 2]));
  assert.equal(await fingerprintTable(copied), await fingerprintTable(table()));
  assert.match(await fingerprintTable(table()), /^[0-9a-f]{64}$/);
});

test('a changed cell, name, kind, order or missing place changes the fingerprint', async () => {
  const changed = [
    table(),
    Frame.fromColumns({ size: [1, 2.5, null], town: ['b', 'a', 'b'], sold: [true, false, null] }),
    Frame.fromColumns({ size: [1, 2, null], town: ['b', 'a', 'a'], sold: [true, false, null] }),
    Frame.fromColumns({ size: [1, 2, null], town: ['b', 'a', 'b'], sold: [true, false, false] }),
    Frame.fromColumns({ area: [1, 2, null], town: ['b', 'a', 'b'], sold: [true, false, null] }),
    table().take([1, 0, 2]),
    table().select(['town', 'size', 'sold']),
    Matrix.fromRows([[1, 2]]),
    Matrix.fromRows([[1], [2]]),
  ];
  const prints = await Promise.all(changed.map(fingerprintTable));
  assert.equal(new Set(prints).size, changed.length);
});
