import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TreesBuilder } from './trees.ts';

test('a tree whose nodes would hold more numbers than an array can is refused by its classes', () => {
  const rows = { samples: 1, weight: 1 };
  const builder = new TreesBuilder(100_000_001);
  assert.throws(() => builder.addRoot(rows), {
    code: 'data/too-many-classes',
    message: /holds 100000001 numbers, one a class.*maxDepth/,
  });
});
