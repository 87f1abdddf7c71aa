import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Cell, columnFromCells } from '../core/frame.ts';
import { inferProblem, requireProblem } from './problem.ts';

const column = (...cells: Cell[]) => columnFromCells('y', cells);
const infer = (...cells: Cell[]) => inferProblem('y', column(...cells));
const repeat = (values: number[], times: number) => Array.from({ length: times }, () => values).flat();

test('text and booleans are classes', () => {
  assert.deepEqual(infer('yes', 'no', 'yes'), {
    problem: 'classification',
    reason: "'y' holds text (2 classes)",
    isOpen: false,
  });
  assert.equal(infer(true, false).problem, 'classification');
});

test('few distinct whole numbers are classes, and may be overruled', () => {
  const inferred = infer(...repeat([0, 1, 2], 10));
  assert.deepEqual([inferred.problem, inferred.isOpen], ['classification', true]);
  assert.match(inferred.reason, /few distinct whole numbers \(3 in 30 rows\)/);
  assert.equal(infer(0, 1, 1, 0).problem, 'classification');
});

test('whole numbers are measured when they are many, or few rows share one', () => {
  assert.equal(infer(300, 450, 350, 220).problem, 'regression');
  assert.equal(
    infer(
      ...repeat(
        Array.from({ length: 21 }, (_, i) => i),
        10,
      ),
    ).problem,
    'regression',
  );
  assert.equal(
    infer(
      ...repeat(
        Array.from({ length: 20 }, (_, i) => i),
        3,
      ),
    ).problem,
    'classification',
  );
});

test('numbers with fractions are measured, missing ones do not count', () => {
  assert.deepEqual([infer(0.5, 1, null).problem, infer(0.5, 1, null).isOpen], ['regression', false]);
  assert.equal(infer(1, 0, null, Number.NaN).problem, 'classification');
});

test('a target that is all missing or holds dates is refused by name', () => {
  assert.throws(() => infer(null, null), /target 'y' is missing in all 2 rows/);
  assert.throws(() => infer(new Date(0)), /target 'y' holds dates/);
});

test('a target that does not suit the problem is refused with the reason', () => {
  assert.throws(() => requireProblem('y', column(null, 'a', 'b'), 'regression'), /data row 2: "a"/);
  assert.throws(() => requireProblem('y', column('a', 'a'), 'classification'), /same value in all 2 rows/);
  assert.throws(
    () => requireProblem('y', column('a', 'b', 'c'), 'classification'),
    /Each of the 3 rows has its own class/,
  );
  const fractions = column(...Array.from({ length: 50 }, (_, i) => (i % 25) + 0.5));
  assert.throws(() => requireProblem('y', fractions, 'classification'), /25 distinct numbers with fractions/);
  requireProblem('y', column(true, false), 'regression');
  requireProblem('y', column('a', 'b'), 'classification');
});
