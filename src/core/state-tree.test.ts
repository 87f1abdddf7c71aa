import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DataError, FileError } from './errors.ts';
import { decodeTensors, encodeTensors } from './safetensors.ts';
import { type Json, type PackedTree, packTree, type StateTree, unpackTree } from './state-tree.ts';

/** Through the bytes of a file and the text of JSON, as a model file does it. */
function throughFile(tree: unknown): StateTree {
  const { tensors, json } = packTree(tree);
  const text = JSON.stringify(json);
  const { tensors: read } = decodeTensors(new Uint8Array(Buffer.concat(encodeTensors(tensors))));
  return unpackTree({ tensors: read, json: JSON.parse(text) });
}

/** Equality to the bit: −0 is not 0, and NaNs of typed arrays keep their payload. */
function assertSame(actual: unknown, expected: unknown, path = ''): void {
  if (ArrayBuffer.isView(expected)) {
    assert.ok(ArrayBuffer.isView(actual), path);
    assert.equal(actual.constructor, expected.constructor, path);
    const bytes = (view: ArrayBufferView) => Buffer.from(view.buffer, view.byteOffset, view.byteLength);
    assert.ok(bytes(actual).equals(bytes(expected)), path);
  } else if (typeof expected === 'object' && expected !== null) {
    assert.ok(typeof actual === 'object' && actual !== null, path);
    assert.equal(Array.isArray(actual), Array.isArray(expected), path);
    const present = (value: object) => Object.entries(value).filter(([, part]) => part !== undefined);
    const parts = present(expected);
    assert.deepEqual(
      Object.entries(actual).map(([key]) => key),
      parts.map(([key]) => key),
      path,
    );
    for (const [key, part] of parts) {
      const own = Object.getOwnPropertyDescriptor(actual, key);
      assertSame(own?.value, part, `${path}.${key}`);
    }
  } else assert.ok(Object.is(actual, expected), `${path}: ${String(actual)} is not ${String(expected)}`);
}

const trickyKey = fc.constantFrom(
  ...[
    '$tensor',
    '$$tensor',
    '$number',
    '$numbers',
    '$strings',
    '$',
    '$$',
    'offsets',
    'dtype',
    'length',
    'a',
    'a.b',
    'b',
  ],
  ...['__proto__', 'constructor', 'toString', '__metadata__', '0', '1', '', 'value', '\ud800', 'a~2', '面积'],
);
const leaf: fc.Arbitrary<unknown> = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(
    Number.NaN,
    -0,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    null,
    true,
    false,
    undefined,
  ),
  fc.string({ unit: 'binary' }),
  trickyKey,
  fc.array(fc.double(), { maxLength: 4 }),
  fc.array(fc.string({ unit: 'binary' }), { maxLength: 4 }),
  fc.array(trickyKey, { maxLength: 3 }),
  fc.float64Array({ maxLength: 4 }),
  fc.float32Array({ maxLength: 4 }),
  fc.int32Array({ maxLength: 4 }),
  fc.uint8Array({ maxLength: 4 }),
  fc.bigInt64Array({ maxLength: 4 }),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    leaf,
    fc.array(
      tie('tree').map((value) => value ?? null),
      { maxLength: 4 },
    ),
    fc
      .array(fc.tuple(trickyKey, tie('tree')), { maxLength: 5 })
      .map((entries) => Object.fromEntries(entries)),
    fc
      .array(fc.tuple(fc.string(), tie('tree')), { maxLength: 5 })
      .map((entries) => Object.fromEntries(entries)),
  ),
}));

test('a tree comes back from its file to the bit, whatever its keys', () => {
  fc.assert(
    fc.property(tree, (value) => {
      if (value !== undefined) assertSame(throughFile(value), value);
    }),
    { numRuns: 1000 },
  );
});

test('the JSON holds no non-finite number, no −0 and no text array', () => {
  const { json, tensors } = packTree({
    steps: [
      { coef: new Float64Array([1, 2]), intercept: Number.NaN, range: [0, Number.POSITIVE_INFINITY], n: 3 },
    ],
    classes: ['b', '面积', ''],
    zero: -0,
  });
  assert.deepEqual(json, {
    steps: [
      {
        coef: { $tensor: 'steps.0.coef', dtype: 'F64', length: 2 },
        intercept: { $number: 'steps.0.intercept' },
        range: { $numbers: 'steps.0.range', length: 2 },
        n: 3,
      },
    ],
    classes: { $strings: 'classes', offsets: 'classes.offsets', length: 3 },
    zero: { $number: 'zero' },
  });
  assert.deepEqual(Object.keys(tensors), [
    ...['steps.0.coef', 'steps.0.intercept', 'steps.0.range', 'classes', 'classes.offsets', 'zero'],
  ]);
  assert.deepEqual([...tensors['classes.offsets'].data], [0, 1, 7, 7]);
});

test('a NaN keeps its payload, a marker in the data stays data, keys with dots do not collide', () => {
  const payload = new Float64Array(new BigUint64Array([0x7ff8dead00000001n, 0xfff0000000000001n]).buffer);
  const value = {
    payload,
    fake: { $tensor: 'payload', dtype: 'F64', length: 2 },
    $number: Number.NaN,
    a: { b: new Float32Array([1]), 'b~2': new Float32Array([4]) },
    'a.b': new Float32Array([2]),
    classes: ['x', '\ufeffbom', ''],
    'classes.offsets': new Int32Array([3]),
  };
  assertSame(throughFile(value), value);
});

test('__proto__ is a key like any other and reaches no prototype', () => {
  const value = JSON.parse('{"__proto__":{"polluted":1},"a":{"__proto__":[1]}}');
  value.a.b = Object.fromEntries([['__proto__', new Float64Array([5])]]);
  const back = throughFile(value);
  assertSame(back, value);
  assert.equal(Object.getPrototypeOf(back), Object.prototype);
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
});

test('undefined keys are dropped', () => {
  assert.deepEqual(throughFile({ a: undefined, b: 1 }), { b: 1 });
});

test('what cannot be stored is refused with its path', () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const refused: [unknown, RegExp][] = [
    [{ a: [{ f: () => 1 }] }, /'a\.0\.f' is a function/],
    [{ a: new Map() }, /'a' is an instance of Map/],
    [{ a: new Date() }, /'a' is an instance of Date/],
    [{ a: 1n }, /'a' is a bigint/],
    [{ a: Symbol('s') }, /'a' is a symbol/],
    [{ a: [1, undefined] }, /'a\.1' is a undefined/],
    // biome-ignore lint/suspicious/noSparseArray: the hole is the point
    [{ a: [1, , 2] }, /'a\.1' is a undefined/],
    [{ a: new Uint8ClampedArray(1) }, /Uint8ClampedArray, which has no dtype/],
    [{ a: new DataView(new ArrayBuffer(1)) }, /DataView/],
    [cycle, /contains itself/],
  ];
  for (const [value, message] of refused) {
    assert.throws(
      () => packTree(value),
      (error) => error instanceof DataError && message.test(error.message),
      String(message),
    );
  }
});

test('JSON and tensors that disagree are refused', () => {
  const good = packTree({ a: new Float64Array(2), s: ['x', 'yé'], n: [Number.NaN], one: Number.NaN });
  const f64 = { dtype: 'F64', shape: [3], data: new Float64Array(3) } as const;
  const bytes = (...data: number[]) =>
    ({ dtype: 'U8', shape: [data.length], data: Uint8Array.from(data) }) as const;
  const offsets = (...data: number[]) =>
    ({ dtype: 'I32', shape: [data.length], data: Int32Array.from(data) }) as const;
  const change = (tensors: PackedTree['tensors']): PackedTree => ({
    ...good,
    tensors: { ...good.tensors, ...tensors },
  });
  const { a: _, ...withoutA } = good.tensors;
  const json = (value: Json): PackedTree => ({ tensors: { a: f64 }, json: value });
  let deep: Json = 0;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  const broken: [PackedTree, RegExp][] = [
    [{ ...good, tensors: withoutA }, /"a" is missing/],
    [change({ more: f64 }), /'more' belongs to nothing/],
    [change({ a: f64 }), /'a' has shape \[3\] where \[2\] was saved/],
    [
      change({ a: { dtype: 'F32', shape: [2], data: new Float32Array(2) } }),
      /'a' is F32 where "F64" was saved/,
    ],
    [change({ one: f64 }), /'one' has shape \[3\]/],
    [change({ s: bytes(120, 121) }), /do not fit their offsets/],
    [change({ s: bytes(120, 121, 0xc3, 0xff) }), /do not fit/],
    [change({ 's.offsets': offsets(0, 3, 4) }), /do not fit/],
    [change({ 's.offsets': offsets(0, 4, 3) }), /do not fit/],
    [change({ 's.offsets': offsets(1, 1, 4) }), /do not fit/],
    [change({ 's.offsets': offsets(0, -1, 4) }), /do not fit/],
    [change({ 's.offsets': offsets(0, 1_000_000, 4) }), /do not fit/],
    [change({ 's.offsets': offsets(0, 1, 1, 4) }), /do not fit/],
    [change({ 's.offsets': offsets() }), /do not fit/],
    [change({ 's.offsets': f64 }), /do not fit/],
    [json([{ $number: 'a' }, { $number: 'a' }]), /shape/],
    [
      json([
        { $tensor: 'a', dtype: 'F64', length: 3 },
        { $tensor: 'a', dtype: 'F64', length: 3 },
      ]),
      /used twice/,
    ],
    [json({ $tensor: '__proto__', dtype: 'F64', length: 3 }), /is missing/],
    [json({ $tensor: 'toString', dtype: 'F64', length: 3 }), /is missing/],
    [json({ $tensor: ['a'], dtype: 'F64', length: 3 }), /is missing/],
    [json({ $tensor: 'a', dtype: 'F64', length: 3, x: 1 }), /unknown marker/],
    [json({ $run: 'rm' }), /unknown marker \["\$run"\]/],
    [json(deep), /deeper than 256/],
  ];
  for (const [packed, message] of broken) {
    assert.throws(
      () => unpackTree(packed, 'm.heddle'),
      (error) => {
        assert.ok(error instanceof FileError);
        assert.match(error.message, message);
        assert.match(error.message, /'m\.heddle'/);
        return true;
      },
    );
  }
});
