import assert from 'node:assert/strict';

/** Asserts that numbers agree within `tolerance`, relative to the larger of 1 and the expected one. */
export function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i] - expected[i]);
    assert.ok(
      error <= tolerance * Math.max(1, Math.abs(expected[i])),
      `number ${i} is ${actual[i]} where ${expected[i]} is expected (off by ${error.toExponential(1)})`,
    );
  }
}
