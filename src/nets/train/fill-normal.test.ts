import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillNormal } from './fill-normal.ts';

const drawn = (from: number, count: number, key: number): Float32Array => {
  const out = new Float32Array(count);
  fillNormal(out, from, key);
  return out;
};

test('numbers depend on the place and the key only', () => {
  const whole = drawn(0, 1000, 5);
  assert.deepEqual(drawn(301, 100, 5), whole.slice(301, 401));
  assert.notDeepEqual(drawn(0, 1000, 6), whole);
});

test('numbers are standard normal, and neighbours have nothing to do with each other', () => {
  const numbers = drawn(0, 40_000, -3);
  const mean = (of: (x: number, i: number) => number) =>
    numbers.reduce((sum, x, i) => sum + of(x, i), 0) / numbers.length;
  // Five standard errors of each moment for 40,000 numbers.
  const near = (actual: number, expected: number, variance: number) =>
    assert.ok(
      Math.abs(actual - expected) < 5 * Math.sqrt(variance / numbers.length),
      `${actual} for ${expected}`,
    );
  near(
    mean((x) => x),
    0,
    1,
  );
  near(
    mean((x) => x * x),
    1,
    2,
  );
  near(
    mean((x) => x ** 4),
    3,
    96,
  );
  near(
    mean((x, i) => x * (numbers[i + 1] ?? 0)),
    0,
    1,
  );
});
