import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededSource } from './random-source.ts';

test('a seed gives the same numbers again, and every part of it counts', () => {
  const numbers = (...seed: number[]) => {
    const source = new SeededSource(...seed);
    return Array.from({ length: 5 }, () => source.next());
  };
  assert.deepEqual(numbers(1, 2, 3), numbers(1, 2, 3));
  const seeds = [[], [1], [0, 1], [0, 0, 1], [1, 1], [2 ** 32], [2 ** 32 + 1], [2 ** 52]];
  const firsts = seeds.map((seed) => numbers(...seed)[0]);
  // No seed is the same as seed 0.
  assert.equal(new Set(firsts).size, seeds.length);
});

test('numbers are uniform, also the first ones of neighbouring seeds', () => {
  const source = new SeededSource(3);
  const ways = { along: () => source.next(), across: (k: number) => new SeededSource(k).next() };
  for (const [way, draw] of Object.entries(ways)) {
    const counts = new Int32Array(20);
    for (let k = 0; k < 20_000; k++) {
      const bin = Math.floor(draw(k) * 20);
      counts[bin] = counts[bin]! + 1;
    }
    // Chi-squared of 19 degrees of freedom: above 44 with probability 0.001, and the seeds are fixed.
    const chi = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    assert.ok(chi < 44, `${way}: chi-squared ${chi}`);
  }
});

test('the generator is xoshiro128**', () => {
  const source = new SeededSource(0);
  // Two steps by the published recurrence, from the state that the seed left, in BigInt.
  const words = [...state(0)];
  for (let k = 0; k < 20; k++) assert.equal(source.word() >>> 0, published(words));
});

/** The state that a seed leaves. */
function state(seed: number): number[] {
  const mix = (word: number) => {
    let h = word | 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return h ^ (h >>> 16);
  };
  let mixed = mix((0x9e3779b9 | 0) ^ seed);
  for (let k = 0; k < 3; k++) mixed = mix(mixed + 0x9e3779b9);
  return Array.from({ length: 4 }, (_, i) => {
    mixed = (mixed + 0x9e3779b9) | 0;
    return (i === 0 ? mix(mixed) | 1 : mix(mixed)) >>> 0;
  });
}

function published(s: number[]): number {
  const mask = 0xffffffffn;
  const big = s.map(BigInt);
  const rotate = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & mask;
  const result = (rotate((big[1]! * 5n) & mask, 7n) * 9n) & mask;
  const shifted = (big[1]! << 9n) & mask;
  big[2]! ^= big[0]!;
  big[3]! ^= big[1]!;
  big[1]! ^= big[2]!;
  big[0]! ^= big[3]!;
  big[2]! ^= shifted;
  big[3] = rotate(big[3]!, 11n);
  s.splice(0, 4, ...big.map(Number));
  return Number(result);
}

test('below(n) stays below n and meets every number', () => {
  const source = new SeededSource(9);
  const seen = new Set(Array.from({ length: 200 }, () => source.below(6)));
  assert.deepEqual([...seen].sort(), [0, 1, 2, 3, 4, 5]);
});
