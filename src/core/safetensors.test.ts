import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { DataError, FileError } from './errors.ts';
import { decodeTensors, dtypeOf, encodeTensors, type Tensor } from './safetensors.ts';
import { isShared, sharedArray } from './shared.ts';

interface Case {
  name: string;
  file: string;
  metadata: Record<string, string>;
  tensors: Record<string, { shape: number[]; bytes: string }>;
}
const fixture: { cases: Case[] } = JSON.parse(
  readFileSync(new URL('../../parity/fixtures/safetensors_layout.json', import.meta.url), 'utf8'),
);

const bytesOf = ({ data }: Tensor) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
const join = (pieces: Uint8Array[]) => new Uint8Array(Buffer.concat(pieces));

for (const { name, file, metadata, tensors } of fixture.cases) {
  test(`files of the reference writer are read, and written byte for byte the same: ${name}`, () => {
    const bytes = new Uint8Array(Buffer.from(file, 'base64'));
    const decoded = decodeTensors(bytes);
    assert.deepEqual({ ...decoded.metadata }, metadata);
    assert.deepEqual(Object.keys(decoded.tensors).sort(), Object.keys(tensors).sort());
    for (const [key, expected] of Object.entries(tensors)) {
      const tensor = decoded.tensors[key];
      assert.deepEqual(tensor.shape, expected.shape, key);
      assert.equal(bytesOf(tensor).toString('base64'), expected.bytes, key);
      assert.ok(isShared(tensor.data), key);
      assert.equal(tensor.data.byteOffset, 0, key);
    }
    assert.deepEqual(join(encodeTensors(decoded.tensors, decoded.metadata)), bytes);
  });
}

const anyTensor: fc.Arbitrary<Tensor> = fc.oneof(
  fc.float64Array().map((data): Tensor => ({ dtype: 'F64', shape: [data.length], data })),
  fc.float32Array().map((data): Tensor => ({ dtype: 'F32', shape: [1, data.length], data })),
  fc.uint8Array().map((data): Tensor => ({ dtype: 'U8', shape: [data.length, 1], data })),
  fc.int16Array().map((data): Tensor => ({ dtype: 'I16', shape: [data.length], data })),
  fc.bigInt64Array().map((data): Tensor => ({ dtype: 'I64', shape: [data.length], data })),
);
const anyName = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('toString', 'constructor', '0', 'length', 'a"b', '\0'),
  )
  .filter((name) => !['__proto__', '__metadata__'].includes(name));

test('decoding gives back what was encoded, from any offset of a larger buffer', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyName, anyTensor), { maxLength: 8 }),
      fc.dictionary(anyName, fc.string(), { maxKeys: 3 }),
      fc.nat(9),
      (entries, metadata, shift) => {
        const tensors = Object.fromEntries(entries);
        const bytes = join(encodeTensors(tensors, metadata));
        const moved = new Uint8Array(bytes.length + shift + 3);
        moved.set(bytes, shift);
        const decoded = decodeTensors(moved.subarray(shift, shift + bytes.length));
        assert.deepEqual({ ...decoded.metadata }, { ...metadata });
        assert.equal(Object.keys(decoded.tensors).length, Object.keys(tensors).length);
        for (const [name, tensor] of Object.entries(tensors)) {
          const { dtype, shape } = decoded.tensors[name];
          assert.deepEqual({ dtype, shape }, { dtype: tensor.dtype, shape: tensor.shape });
          assert.ok(bytesOf(decoded.tensors[name]).equals(bytesOf(tensor)));
        }
      },
    ),
  );
});

test('a view into a larger array is encoded alone', () => {
  const whole = sharedArray(Float64Array, 10).map((_, i) => i);
  const { tensors } = decodeTensors(
    join(encodeTensors({ part: { dtype: 'F64', shape: [2, 2], data: whole.subarray(3, 7) } })),
  );
  assert.deepEqual([...tensors.part.data], [3, 4, 5, 6]);
});

test('each kind of typed array has its dtype and others have none', () => {
  assert.equal(dtypeOf(new Uint16Array()), 'U16');
  assert.equal(dtypeOf(new Uint8Array()), 'U8');
  assert.equal(dtypeOf(Buffer.alloc(1)), 'U8');
  assert.equal(dtypeOf(new BigUint64Array()), 'U64');
  assert.equal(dtypeOf(new Uint8ClampedArray()), undefined);
  assert.equal(dtypeOf(new DataView(new ArrayBuffer(1))), undefined);
});

test('tensors that contradict themselves are not written', () => {
  const encode = (tensor: Tensor, name = 'x') => encodeTensors({ [name]: tensor });
  const good: Tensor = { dtype: 'F64', shape: [2], data: new Float64Array(2) };
  assert.throws(() => encode({ ...good, shape: [3] }), /needs 3 values, got 2/);
  assert.throws(() => encode({ ...good, shape: [Number.NaN] }), DataError);
  assert.throws(() => encode({ ...good, shape: [2, -1] }), DataError);
  assert.throws(() => encode({ ...good, dtype: 'F32' }), /needs a Float32Array, got Float64Array/);
  for (const name of ['__metadata__', '__proto__', '\ud800']) {
    assert.throws(() => encodeTensors(Object.fromEntries([[name, good]])), /rename it/);
  }
});

/** A file with any header text and `dataBytes` zero bytes after it. */
function craft(header: string | Uint8Array, dataBytes = 0, announced?: bigint): Uint8Array {
  const text = Buffer.from(header as string);
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(announced ?? BigInt(padded.length));
  return new Uint8Array(Buffer.concat([length, padded, Buffer.alloc(dataBytes)]));
}

const entry = (dtype: unknown, shape: unknown, ...offsets: unknown[]) => ({
  dtype,
  shape,
  data_offsets: offsets,
});
const table = (entries: Record<string, unknown>) => JSON.stringify(entries);

const hostile: [what: string, bytes: Uint8Array, code: string, message: RegExp][] = [
  ['nothing', new Uint8Array(0), 'file/truncated', /0 bytes are too few/],
  ['nine bytes', craft('{}').subarray(0, 9), 'file/truncated', /9 bytes are too few/],
  ['no brace', craft('[]'), 'file/not-safetensors', /not a safetensors file/],
  ['spaces before the brace', craft(' {}'), 'file/not-safetensors', /not a safetensors file/],
  [
    'a header length of 2^64 − 1',
    craft('{}', 0, 2n ** 64n - 1n),
    'file/header-too-large',
    /18446744073709551615 bytes/,
  ],
  [
    'a header of 100 MB and a byte',
    craft('{}', 0, 100_000_001n),
    'file/header-too-large',
    /at most 100000000/,
  ],
  ['a header beyond the file', craft('{}', 0, 9n), 'file/truncated', /9 bytes but has 8/],
  ['a header cut short', craft('{}', 0, 1n), 'file/damaged', /header is not valid/],
  ['text that is no JSON', craft('{oops}'), 'file/damaged', /header is not valid/],
  [
    'bytes that are no UTF-8',
    craft(Buffer.from('{"\xff":1}', 'latin1')),
    'file/damaged',
    /header is not valid/,
  ],
  ['more after the JSON', craft('{} {}'), 'file/damaged', /header is not valid/],
  ['a name given twice', craft('{"a":{},"a":{}}'), 'file/damaged', /"a" appears twice/],
  [
    'a name given twice, spelt differently',
    craft('{"a":{},"\\u0061":{}}'),
    'file/damaged',
    /"a" appears twice/,
  ],
  [
    'a field given twice',
    craft('{"a":{"dtype":"F64","dtype":"F32"}}'),
    'file/damaged',
    /"dtype" appears twice/,
  ],
  [
    '__proto__',
    craft('{"__proto__":{"dtype":"F64","shape":[],"data_offsets":[0,8]}}', 8),
    'file/damaged',
    /__proto__/,
  ],
  ['deep nesting', craft(`{"a":${'['.repeat(1e6)}`), 'file/damaged', /more than 3 levels/],
  ['an entry that is no object', craft('{"a":1}'), 'file/damaged', /not described by an object/],
  ['a null entry', craft('{"a":null}'), 'file/damaged', /not described by an object/],
  ['no fields', craft('{"a":{}}'), 'file/damaged', /dtype undefined/],
  [
    'an unknown dtype',
    craft(table({ a: entry('F8', [1], 0, 1) }), 1),
    'file/damaged',
    /dtype "F8"; known are U64/,
  ],
  [
    'a dtype of the prototype',
    craft(table({ a: entry('toString', [1], 0, 1) }), 1),
    'file/damaged',
    /dtype "toString"/,
  ],
  [
    'a NaN size',
    craft('{"a":{"dtype":"U8","shape":[NaN],"data_offsets":[0,0]}}'),
    'file/damaged',
    /not valid/,
  ],
  [
    'an infinite size',
    craft('{"a":{"dtype":"U8","shape":[1e999],"data_offsets":[0,0]}}'),
    'file/damaged',
    /shape/,
  ],
  ['a null size', craft(table({ a: entry('U8', [null], 0, 1) }), 1), 'file/damaged', /shape/],
  ['a size in quotes', craft(table({ a: entry('U8', ['1'], 0, 1) }), 1), 'file/damaged', /shape/],
  ['a fractional size', craft(table({ a: entry('U8', [1.5], 0, 1) }), 1), 'file/damaged', /shape/],
  ['a negative size', craft(table({ a: entry('U8', [-1, -1], 0, 1) }), 1), 'file/damaged', /shape/],
  [
    'sizes whose product overflows',
    craft(table({ a: entry('U8', [2 ** 32, 2 ** 32], 0, 1) }), 1),
    'file/damaged',
    /shape/,
  ],
  ['a shape that is a number', craft(table({ a: entry('U8', 1, 0, 1) }), 1), 'file/damaged', /shape/],
  ['one offset', craft(table({ a: entry('U8', [1], 0) }), 1), 'file/damaged', /data_offsets/],
  ['three offsets', craft(table({ a: entry('U8', [1], 0, 1, 2) }), 1), 'file/damaged', /data_offsets/],
  ['a negative offset', craft(table({ a: entry('U8', [1], -1, 0) }), 1), 'file/damaged', /data_offsets/],
  ['reversed offsets', craft(table({ a: entry('U8', [1], 1, 0) }), 1), 'file/damaged', /span -1/],
  [
    'offsets that disagree with the shape',
    craft(table({ a: entry('F64', [2], 0, 8) }), 8),
    'file/damaged',
    /needs 16 bytes, its offsets span 8/,
  ],
  [
    'a vast tensor in a small file',
    craft(table({ a: entry('F64', [2 ** 40], 0, 2 ** 43) }), 8),
    'file/truncated',
    /need 8796093022208 bytes, 8 are there/,
  ],
  [
    'data cut off',
    craft(table({ a: entry('F64', [2], 0, 16) }), 15),
    'file/truncated',
    /need 16 bytes, 15 are there/,
  ],
  ['data left over', craft(table({ a: entry('F64', [2], 0, 16) }), 17), 'file/damaged', /1 bytes follow/],
  ['data of nothing', craft('{}', 1), 'file/damaged', /1 bytes follow/],
  [
    'overlap',
    craft(table({ a: entry('U8', [4], 0, 4), b: entry('U8', [4], 2, 6) }), 6),
    'file/damaged',
    /"b" starts at byte 2 .* inside the tensor before it/,
  ],
  [
    'the same bytes twice',
    craft(table({ a: entry('U8', [4], 0, 4), b: entry('U8', [4], 0, 4) }), 4),
    'file/damaged',
    /"b" starts at byte 0/,
  ],
  [
    'a gap',
    craft(table({ a: entry('U8', [4], 0, 4), b: entry('U8', [4], 8, 12) }), 12),
    'file/damaged',
    /after a gap/,
  ],
  ['a gap before the first', craft(table({ a: entry('U8', [4], 8, 12) }), 12), 'file/damaged', /after a gap/],
  [
    'misalignment',
    craft(table({ a: entry('U8', [3], 0, 3), b: entry('F32', [1], 3, 7) }), 7),
    'file/damaged',
    /"b" starts at byte 123, not a multiple of its element size 4/,
  ],
  ['metadata that is a list', craft('{"__metadata__":[]}'), 'file/damaged', /not an object/],
  ['metadata that is a number', craft('{"__metadata__":{"k":1}}'), 'file/damaged', /"k" is not a string/],
  [
    'a picture',
    new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d]),
    'file/not-safetensors',
    /not a safetensors file/,
  ],
];

for (const [what, bytes, code, message] of hostile) {
  test(`${what} is refused with a reason`, () => {
    assert.throws(
      () => decodeTensors(bytes, { file: 'house.heddle' }),
      (error) => {
        assert.ok(error instanceof FileError);
        assert.equal(error.code, code, error.message);
        assert.match(error.message, message);
        assert.match(error.message, /^Cannot read 'house\.heddle': /);
        return true;
      },
    );
  });
}

test('the header limit can be lowered', () => {
  const bytes = craft(table({ a: entry('U8', [1], 0, 1) }), 1);
  assert.throws(() => decodeTensors(bytes, { maxHeaderBytes: 16 }), /at most 16 are accepted/);
});

test('any bytes after a plausible start are read or refused, never anything else', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 80 }), fc.nat(40), (text, dataBytes) => {
      try {
        decodeTensors(craft(`{"a":${text}`, dataBytes));
      } catch (error) {
        assert.ok(error instanceof FileError);
      }
    }),
  );
});
