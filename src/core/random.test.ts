import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { OptionError } from './errors.ts';
import { type NumberArray, RandomState, randomStateFrom } from './random.ts';

interface Stream {
  sha256: string;
  first: number[];
  last: number[];
}
interface Case {
  seed: number;
  mixed: [number, number, number, number[], number, number, number, number];
  state: { sha256: string; position: number; cached: number | null };
  randomSample: Stream;
  uniform: Stream;
  permutation: Stream;
  randint: (Stream & { low: number; high: number })[];
  choice: (Stream & { n: number; size: number; replace: boolean; p: number[] | 'linear' | null })[];
}
interface Normals {
  seed: number;
  first: number[];
  low4: string;
  blockSums: number[];
}
const fixture: { draws: number; cases: Case[]; normals: Normals[] } = JSON.parse(
  readFileSync(new URL('../../parity/fixtures/random_state.json', import.meta.url), 'utf8'),
);

const sha256 = (values: NumberArray) =>
  createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');

function assertStream(values: NumberArray, expected: Stream, what: string): void {
  assert.deepEqual(Array.from(values.subarray(0, expected.first.length)), expected.first, what);
  assert.deepEqual(Array.from(values.slice(-2)), expected.last, what);
  assert.equal(sha256(values), expected.sha256, what);
}

const linear = Float64Array.from({ length: 1000 }, (_, i) => (i + 1) / 500500);

for (const c of fixture.cases) {
  test(`seed ${c.seed}: 100,000 uniforms, integers of every width, permutations and choices are NumPy's bit for bit`, () => {
    const state = () => new RandomState(c.seed);
    assertStream(state().randomSample(fixture.draws), c.randomSample, 'randomSample');
    assertStream(state().uniform(-3, 7, fixture.draws), c.uniform, 'uniform');
    assertStream(state().permutation(fixture.draws), c.permutation, 'permutation');
    for (const { low, high, ...stream } of c.randint) {
      const values = state().fillRandint(new Float64Array(fixture.draws), low, high);
      assertStream(values, stream, `randint ${low} … ${high}`);
      const single = state();
      const scalars = Array.from(stream.first, () => single.randint(low, high));
      assert.deepEqual(scalars, stream.first, `single randint ${low} … ${high}`);
    }
    for (const { n, size, replace, p, ...stream } of c.choice) {
      const probabilities = p === null ? {} : { p: p === 'linear' ? linear : p };
      assertStream(
        state().choice(n, { size, replace, ...probabilities }),
        stream,
        `choice ${n} ${size} ${replace} ${p}`,
      );
    }
  });

  test(`seed ${c.seed}: mixed calls leave NumPy's state behind`, () => {
    const state = new RandomState(c.seed);
    const mixed = [
      state.randint(7),
      state.randomSample(),
      state.standardNormal(),
      Array.from(state.permutation(5)),
      state.standardNormal(),
      state.normal(10, 2),
      state.randint(-3, 2 ** 40),
      state.uniform(-1, 3),
    ];
    const normals = new Set([2, 4, 5]);
    for (const [i, expected] of c.mixed.entries()) {
      if (normals.has(i)) assertNormal(mixed[i] as number, expected as number);
      else assert.deepEqual(mixed[i], expected, `call ${i}`);
    }
    const { key, position, cachedNormal } = state.state();
    assert.equal(sha256(Uint32Array.from(key)), c.state.sha256);
    assert.equal(position, c.state.position);
    assert.equal(cachedNormal === null, c.state.cached === null);
    if (cachedNormal !== null) assertNormal(cachedNormal, c.state.cached!);
  });
}

/** 1e-15 relative: NumPy takes the C library's logarithm (error to 0.52 units in the last place), ours is rounded separately. */
function assertNormal(value: number, expected: number): void {
  assert.ok(Math.abs(value - expected) <= 1e-15 * Math.abs(expected), `${value} against ${expected}`);
}

for (const { seed, first, low4, blockSums } of fixture.normals) {
  // Two units: one of the logarithm, doubled where the factor's last place is half as large; 1e-15 would be 4.5 or more.
  test(`seed ${seed}: 100,000 normals are NumPy's within two units in the last place, and almost all to the bit`, () => {
    const values = new RandomState(seed).standardNormal(fixture.draws);
    for (const [i, expected] of first.entries()) assertNormal(values[i]!, expected);
    const bits = new BigUint64Array(values.buffer);
    const packed = Buffer.from(low4, 'base64');
    let different = 0;
    for (let i = 0; i < values.length; i++) {
      const expected = (packed[i >> 1]! >> (4 * (i & 1))) & 15;
      const distance = (Number(bits[i]! & 15n) - expected + 16) % 16;
      if (distance !== 0) different++;
      assert.ok([0, 1, 2, 14, 15].includes(distance), `draw ${i} is ${distance} units off modulo 16`);
    }
    // Two logarithms on either side of a rounding boundary: 26 of 100,000 were seen, with Math.log about 3,300.
    assert.ok(different < 0.001 * values.length, `${different} of ${values.length} differ`);
    for (const [block, expected] of blockSums.entries()) {
      let sum = 0;
      for (const value of values.subarray(block * 1000, (block + 1) * 1000)) sum += value;
      // 1000 rounded additions of partial sums below 200: 1000 · 2^-46, and no wrong draw hides below it.
      assert.ok(Math.abs(sum - expected) < 1e-11, `block ${block}`);
    }
  });
}

test('a state exported after any draws continues the same stream, also through JSON', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 32 - 1), fc.nat(2000), fc.boolean(), (seed, draws, odd) => {
      const state = new RandomState(seed);
      state.randomSample(draws);
      state.randint(2);
      if (odd) state.standardNormal();
      const copy = RandomState.from(JSON.parse(JSON.stringify(state.state())));
      assert.deepEqual(copy.standardNormal(5), state.standardNormal(5));
      assert.deepEqual(copy.permutation(700), state.permutation(700));
      assert.deepEqual(copy.state(), state.state());
    }),
    { numRuns: 30 },
  );
});

test('one draw at a time equals a filled array', () => {
  const one = new RandomState(9);
  const all = new RandomState(9);
  const singles = Array.from({ length: 1001 }, () => one.standardNormal());
  assert.deepEqual(Float64Array.from(singles), all.fillNormal(new Float64Array(1001)));
});

test('permutation keeps the class of an array and leaves the original alone', () => {
  const words = ['a', 'b', 'c', 'd', 'e'];
  const shuffled = new RandomState(1).permutation(words);
  assert.deepEqual([...shuffled].sort(), words);
  assert.deepEqual(words, ['a', 'b', 'c', 'd', 'e']);
  const floats = new RandomState(1).permutation(Float32Array.of(1, 2, 3));
  assert.equal(floats.constructor, Float32Array);
});

test('choice takes values of an array, one or several', () => {
  const several = new RandomState(3).choice(['x', 'y', 'z'], { size: 3, replace: false });
  assert.deepEqual([...several].sort(), ['x', 'y', 'z']);
  assert.ok(['x', 'y', 'z'].includes(new RandomState(3).choice(['x', 'y', 'z'])));
  assert.equal(new RandomState(3).choice([7], { size: 0 }).length, 0);
});

test('an absent seed is 0, null draws entropy, a generator is taken as it is', () => {
  assert.equal(randomStateFrom(undefined).randomSample(), new RandomState(0).randomSample());
  assert.notEqual(randomStateFrom(null).randomSample(), randomStateFrom(null).randomSample());
  const state = new RandomState(5);
  assert.equal(randomStateFrom(state), state);
});

test('wrong seeds, states, ranges and choices are named', () => {
  const state = new RandomState(0);
  const cases: [() => unknown, string, RegExp][] = [
    [() => new RandomState(-1), 'random/seed', /got -1/],
    [() => new RandomState(2 ** 32), 'random/seed', /4294967295/],
    [() => new RandomState(1.5), 'random/seed', /1\.5/],
    [() => RandomState.from({ ...state.state(), position: 700 }), 'random/state', /position/],
    [() => RandomState.from({ ...state.state(), key: [1, 2] }), 'random/state', /624/],
    [() => state.randint(3, 3), 'random/range', /low = 3, high = 3/],
    [() => state.randint(0, 2 ** 40, 3), 'random/range', /fillRandint/],
    [() => state.fillRandint(new Uint8Array(3), 0, 300), 'random/range', /Uint8Array/],
    [() => state.randint(-(2 ** 53) + 1, 2 ** 53), 'random/range', /2\^53/],
    [() => state.randomSample(-2), 'random/size', /-2/],
    [() => state.normal(0, -1), 'random/scale', /-1/],
    [() => state.choice(0), 'random/choice', /0 candidates/],
    [() => state.choice(3, { size: 4, replace: false }), 'random/choice', /4 of 3/],
    [() => state.choice(2, { p: [0.5] }), 'random/choice', /one probability per candidate/],
    [() => state.choice(2, { p: [0.5, Number.NaN] }), 'random/choice', /p\[1\]/],
    [() => state.choice(2, { p: [0.5, 0.6] }), 'random/choice', /sum to 1\.1/],
    [() => state.choice(3, { p: [1, 0, 0], size: 2, replace: false }), 'random/choice', /only 1/],
  ];
  for (const [call, code, message] of cases) {
    assert.throws(
      call,
      (error) => error instanceof OptionError && error.code === code && message.test(error.message),
    );
  }
});
