import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnNames } from './names.ts';

const named = (...cells: string[]) => columnNames(cells, 'x.csv', () => {});

test('repeated and missing names become distinct ones that nothing else has', () => {
  assert.deepEqual(named('a', 'a', 'a.1', 'a'), ['a', 'a.2', 'a.1', 'a.3']);
  assert.deepEqual(named('', 'column1', ' '), ['column1.1', 'column1', 'column3']);
});

test('a hundred thousand columns of one name take no longer than others', () => {
  // Looking for a free number from the start for each would take minutes.
  const names = named(...new Array<string>(100_000).fill('x'));
  assert.equal(new Set(names).size, 100_000);
  assert.equal(names.at(-1), 'x.99999');
});
