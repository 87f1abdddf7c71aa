import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { preciseLog } from './precise-log.ts';

/** ln(n / d) · 2^140 by n/d = 2^k · q with q in [1, 2) and 2·artanh((q − 1)/(q + 1)), in integers. */
function lnReference(n: bigint, d: bigint): bigint {
  const bits = 140n;
  const artanh = (t: bigint) => {
    let sum = 0n;
    for (let power = t, j = 1n; power !== 0n; power = (((power * t) >> bits) * t) >> bits, j += 2n)
      sum += power / j;
    return sum;
  };
  let k = 0n;
  while (n < d) {
    n *= 2n;
    k--;
  }
  while (n >= 2n * d) {
    d *= 2n;
    k++;
  }
  return 2n * (k * artanh((1n << bits) / 3n) + artanh(((n - d) << bits) / (n + d)));
}

/** A positive double as a fraction. */
function fraction(x: number): [bigint, bigint] {
  let d = 1n;
  while (!Number.isInteger(x)) {
    x *= 2;
    d *= 2n;
  }
  return [BigInt(x), d];
}

/** Error of `value` in units of its last place, against a logarithm with 140 bits after the point. */
function unitsOff(value: number, x: number): number {
  const [n, d] = fraction(x);
  const [vn, vd] = fraction(Math.abs(value) * 2 ** 60);
  const exact = lnReference(n, d);
  const mine = ((vn << 140n) / vd) >> 60n;
  const error = mine * BigInt(Math.sign(value)) - exact;
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 52);
  return Math.abs(Number(error)) / 2 ** 140 / unit;
}

test('the logarithm is within 0.51 units in the last place of the exact one', () => {
  const close = (x: number) => {
    if (x === 1) return assert.equal(preciseLog(x), 0);
    const off = unitsOff(preciseLog(x), x);
    assert.ok(off < 0.51, `ln ${x} is ${off} units off`);
  };
  for (const x of [2 ** -60, 0.5, 0.7, 1 - 2 ** -53, 1 + 2 ** -52, 0.99, 1.01, 2, 1e9, 127 / 128, 129 / 128])
    close(x);
  for (let i = 0; i < 128; i++) {
    close(1 + i / 128);
    close((1 + (i + 1) / 128) * (1 - 2 ** -53));
  }
  fc.assert(fc.property(fc.double({ min: 1e-12, max: 2, noNaN: true }), close), { numRuns: 3000 });
  fc.assert(fc.property(fc.double({ min: 0.98, max: 1.02, noNaN: true }), close), { numRuns: 1000 });
});
