import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Arena } from '../../../kernels/host/arena.ts';
import { instantiate, kernelModule, teamMemory } from '../../../kernels/host/instance.ts';
import { plainHybrid, plainSnappy, plainSpread } from '../../../kernels/plain/parquet.ts';

const arena = new Arena(teamMemory());
const kernels = instantiate(kernelModule(), arena.memory);
const PADDING = 64;

/** Bytes in kernel memory, what follows them being of no meaning. */
function placed(bytes: Uint8Array): number {
  const address = arena.allocate(bytes.length + PADDING);
  arena
    .viewU8(address, bytes.length + PADDING)
    .fill(0xff)
    .set(bytes);
  return address;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

function snappyOf(
  parts: readonly { kind: number; bytes: number[]; offset: number; length: number }[],
): Uint8Array {
  const out: number[] = [];
  let size = 0;
  for (const { kind, bytes, offset, length } of parts) {
    if (kind === 0 || size === 0) {
      const n = bytes.length - 1;
      out.push(...(n < 60 ? [n << 2] : [61 << 2, n & 255, n >> 8]), ...bytes);
      size += bytes.length;
      continue;
    }
    const back = 1 + (offset % Math.min(size, kind === 1 ? 2047 : 65535));
    const own = kind === 1 ? 4 + (length % 8) : 1 + length;
    if (kind === 1) out.push(((back >> 8) << 5) | ((own - 4) << 2) | 1, back & 255);
    else if (kind === 2) out.push(((own - 1) << 2) | 2, back & 255, back >> 8);
    else out.push(((own - 1) << 2) | 3, back & 255, back >> 8, 0, 0);
    size += own;
  }
  return Uint8Array.from([...varint(size), ...out]);
}

const part = fc.record({
  kind: fc.integer({ min: 0, max: 3 }),
  bytes: fc.oneof(
    fc.array(fc.nat(255), { minLength: 1, maxLength: 20 }),
    fc.array(fc.nat(255), { minLength: 55, maxLength: 300 }),
  ),
  offset: fc.oneof(fc.nat(20), fc.nat(70000)),
  length: fc.nat(63),
});

test('snappy is decoded as its format says, and nothing when a byte is wrong', () => {
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 30 }),
      fc.option(fc.tuple(fc.nat(), fc.nat(255)), { freq: 2 }),
      (parts, damage) =>
        arena.scope(() => {
          const bytes = snappyOf(parts);
          if (damage !== null) bytes[damage[0] % bytes.length] = damage[1];
          const expected = plainSnappy(bytes);
          let size = expected?.length;
          if (size === undefined) {
            size = 0;
            for (let i = 0; i < Math.min(4, bytes.length); i++) {
              size += (bytes[i]! & 127) * 128 ** i;
              if (bytes[i]! < 128) break;
            }
            size = Math.min(size, 2 ** 20);
          }
          const from = placed(bytes);
          const to = arena.allocate(size + PADDING);
          const isRight = kernels.snappyDecode(0, 1, from, from + bytes.length, to, size) === 1;
          assert.equal(isRight, expected !== undefined);
          if (expected !== undefined) assert.deepEqual(arena.viewU8(to, size).slice(), expected);
        }),
    ),
    { numRuns: 300 },
  );
});

const run = fc.record({
  packed: fc.boolean(),
  length: fc.integer({ min: 1, max: 40 }),
  values: fc.array(fc.nat(255), { minLength: 1, maxLength: 40 }),
});

/** Runs whose bytes are drawn, whatever numbers these stand for. */
function hybridOf(
  runs: readonly { packed: boolean; length: number; values: number[] }[],
  width: number,
): Uint8Array {
  const bytes: number[] = [];
  const drawn = (values: number[], count: number) =>
    Array.from({ length: count }, (_, i) => values[i % values.length]!);
  for (const { packed, length, values } of runs) {
    if (packed) bytes.push(...varint(length * 2 + 1), ...drawn(values, length * width));
    else bytes.push(...varint(length * 16), ...drawn(values, Math.ceil(width / 8)));
  }
  return Uint8Array.from(bytes);
}

test('numbers in runs and packed bits are those of the oracle, at every width', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 32 }),
      fc.array(run, { maxLength: 5 }),
      fc.integer({ min: 1, max: 400 }),
      (width, runs, count) =>
        arena.scope(() => {
          const bytes = hybridOf(runs, width);
          const expected = plainHybrid(bytes, width, count);
          const from = placed(bytes);
          const to = arena.allocate(count * 4 + PADDING);
          const largest = arena.allocate(8);
          const isRight = kernels.hybridNumbers(0, 1, from, from + bytes.length, width, count, to, largest);
          assert.equal(isRight === 1, expected !== undefined);
          if (expected === undefined) return;
          assert.deepEqual([...new Uint32Array(arena.memory.buffer, to, count)], expected);
          assert.equal(new Uint32Array(arena.memory.buffer, largest, 1)[0], Math.max(...expected));
        }),
    ),
    { numRuns: 400 },
  );
});

test('marks are bits in runs, and values go to the rows that have one', () => {
  fc.assert(
    fc.property(fc.array(run, { maxLength: 5 }), fc.integer({ min: 1, max: 400 }), (runs, count) =>
      arena.scope(() => {
        const bits = runs.map(({ values, ...rest }) => ({
          ...rest,
          values: rest.packed ? values : values.map((v) => v % 2),
        }));
        const bytes = hybridOf(bits, 1);
        const marks = plainHybrid(bytes, 1, count);
        const from = placed(bytes);
        const to = arena.allocate(count + PADDING);
        const present = kernels.hybridBits(0, 1, from, from + bytes.length, count, to);
        if (marks === undefined) return assert.equal(present, -1);
        assert.deepEqual([...arena.viewU8(to, count)], marks);
        assert.equal(present, marks.filter((mark) => mark === 1).length);
        const missing = arena.allocate(count + PADDING);
        assert.equal(kernels.missingMarks(0, 1, to, count, missing), count - present);
        assert.deepEqual(
          [...arena.viewU8(missing, count)],
          marks.map((mark) => 1 - mark),
        );
        const values = Array.from({ length: present }, (_, i) => i * 1.5 + 1);
        const numbers = arena.place(Float64Array.from([...values, 99]));
        const out = arena.f64(count);
        assert.equal(kernels.spreadNumbers(0, 1, numbers, to, count, Number.NaN, out), present);
        assert.deepEqual([...arena.viewF64(out, count)], plainSpread(values, marks, Number.NaN));
        const indices = arena.place(Int32Array.from([...values.map((_, i) => present - 1 - i), 0]));
        assert.equal(kernels.gatherMarked(0, 1, numbers, indices, to, count, Number.NaN, out), present);
        assert.deepEqual([...arena.viewF64(out, count)], plainSpread(values.toReversed(), marks, Number.NaN));
        assert.equal(kernels.spreadCodes(0, 1, indices, to, count, out), present);
        const codes = values.map((_, i) => present - 1 - i);
        assert.deepEqual([...arena.viewI32(out, count)], plainSpread(codes, marks, -1));
      }),
    ),
    { numRuns: 200 },
  );
});

test('numbers stored in other types become doubles, and those that doubles round are told', () => {
  const address = placed(new Uint8Array(new BigInt64Array([2n ** 53n - 1n, 1n - 2n ** 53n, -1n]).buffer));
  const out = arena.f64(3);
  assert.equal(kernels.plainNumbers(0, 1, address, 3, 4, out), 0);
  assert.deepEqual([...arena.viewF64(out, 3)], [2 ** 53 - 1, 1 - 2 ** 53, -1]);
  // Without a sign, the last two are large.
  assert.equal(kernels.plainNumbers(0, 1, address, 3, 5, out), 1);
  for (const large of [2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n)]) {
    arena.viewU8(address, 8).set(new Uint8Array(new BigInt64Array([large]).buffer));
    assert.equal(kernels.plainNumbers(0, 1, address, 3, 4, out), 1, String(large));
  }
});
