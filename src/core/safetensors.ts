import { DataError, FileError } from './errors.ts';
import { sharedArray, type TypedArray } from './shared.ts';
import { parseStrictJson } from './strict-json.ts';

/**
 * The safetensors layout: an unsigned 64-bit little-endian length N, N bytes of JSON (padded with spaces to a multiple
 * of 8), then the tensors' raw little-endian bytes without gaps. The JSON maps each name to
 * `{ dtype, shape, data_offsets: [begin, end] }`, offsets counted from the end of the JSON; `__metadata__` holds strings.
 * Source: the format section of the safetensors documentation (huggingface.co/docs/safetensors).
 * WebAssembly memory is little-endian everywhere and so is every machine Node is released for except s390x, which heddle
 * does not support: typed arrays are copied as they are.
 */

/** In the order in which the reference writer lays tensors out, so that equal tensors make equal files. */
const kinds = {
  U64: BigUint64Array,
  I64: BigInt64Array,
  F64: Float64Array,
  F32: Float32Array,
  U32: Uint32Array,
  I32: Int32Array,
  /** The upper 16 bits of a binary32. */
  BF16: Uint16Array,
  /** The bits of IEEE 754 binary16. */
  F16: Uint16Array,
  U16: Uint16Array,
  I16: Int16Array,
  I8: Int8Array,
  U8: Uint8Array,
  /** One byte each, 0 or 1. */
  BOOL: Uint8Array,
} as const;

export type Dtype = keyof typeof kinds;
const dtypes = Object.keys(kinds) as Dtype[];
/** Where two dtypes share a kind of array, the one that a plain array stands for. */
const plainDtypes: readonly Dtype[] = dtypes.filter((dtype) => !['BF16', 'F16', 'BOOL'].includes(dtype));
export type TensorData = TypedArray | BigUint64Array;

export interface Tensor {
  readonly dtype: Dtype;
  /** Row-major; `[]` is one scalar. */
  readonly shape: readonly number[];
  readonly data: TensorData;
}

export interface TensorFile {
  /** By name; an object without prototype. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface DecodeOptions {
  /** Named in messages. */
  readonly file?: string;
  /** Default 100,000,000, the limit of the format's reference reader. */
  readonly maxHeaderBytes?: number;
}

const LENGTH_BYTES = 8;
const ALIGNMENT = 8;
const MAX_HEADER_BYTES = 100_000_000;
/** The table is an object of objects that hold arrays. */
const HEADER_DEPTH = 3;
const METADATA = '__metadata__';
const OPEN_BRACE = 0x7b;

/** The dtype that stores a typed array as it is; `undefined` for kinds without one (`Uint8ClampedArray`, `Float16Array`). */
export function dtypeOf(array: ArrayBufferView): Dtype | undefined {
  const tag = Object.prototype.toString.call(array).slice(8, -1);
  return plainDtypes.find((dtype) => kinds[dtype].name === tag);
}

/**
 * The bytes of a file, in pieces: the header, then a view (no copy) of each tensor. Sorted by dtype, the widest
 * first, and name: every tensor starts at a multiple of its element size, and equal tensors make equal bytes.
 * @throws DataError when a shape and its data disagree or a name is reserved; FileError when the header is too large.
 */
export function encodeTensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
  const rank = (name: string) => dtypes.indexOf(tensors[name].dtype);
  const names = Object.keys(tensors).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  // Entries as text: keys such as '1' would be reordered by an object.
  const entries = Object.keys(metadata).length > 0 ? [`"${METADATA}":${JSON.stringify(metadata)}`] : [];
  const pieces: Uint8Array[] = [];
  let offset = 0;
  for (const name of names) {
    const { dtype, shape, data } = tensors[name];
    checkTensor(name, tensors[name]);
    const end = offset + data.byteLength;
    entries.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [offset, end] })}`);
    pieces.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    offset = end;
  }
  return [encodeHeader(`{${entries.join(',')}}`), ...pieces];
}

function encodeHeader(json: string): Uint8Array {
  const text = Buffer.from(json, 'utf8');
  const length = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
  if (length > MAX_HEADER_BYTES) {
    throw new FileError(
      'file/header-too-large',
      `The names, shapes and text to save take ${length} bytes; a safetensors file holds at most ${MAX_HEADER_BYTES}. ` +
        'Keep large state in typed arrays.',
      { bytes: length, limit: MAX_HEADER_BYTES },
    );
  }
  const header = new Uint8Array(LENGTH_BYTES + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(text, LENGTH_BYTES);
  return header;
}

function checkTensor(name: string, { dtype, shape, data }: Tensor): void {
  if (name === METADATA || name === '__proto__' || !name.isWellFormed()) {
    throw new DataError(
      'data/reserved-name',
      `A tensor cannot be called ${JSON.stringify(name)}; rename it.`,
      { name },
    );
  }
  const expected = kinds[dtype].name;
  const actual = Object.prototype.toString.call(data).slice(8, -1);
  if (actual !== expected) {
    throw new DataError(
      'data/dtype-mismatch',
      `Tensor '${name}' of dtype ${dtype} needs a ${expected}, got ${actual}.`,
      {
        name,
        dtype,
      },
    );
  }
  const count = elementCount(shape);
  if (count !== data.length) {
    throw new DataError(
      'data/length-mismatch',
      `Tensor '${name}' of shape [${shape.join(', ')}] needs ${count ?? 'whole, non-negative sizes'}` +
        `${count === undefined ? '' : ' values'}, got ${data.length} values.`,
      { name, values: data.length },
    );
  }
}

/**
 * Reads a whole file. Every number of the header is checked against the file before it is used; each tensor is copied
 * to shared memory of its own. Nothing of the file is ever run.
 * @throws FileError saying what is wrong: truncated, foreign, damaged or hostile.
 */
export function decodeTensors(bytes: Uint8Array, options: DecodeOptions = {}): TensorFile {
  const { file = 'the safetensors data', maxHeaderBytes = MAX_HEADER_BYTES } = options;
  const fail: Fail = (code, what) => {
    throw new FileError(code, `Cannot read '${file}': ${what}`, { file });
  };
  const headerEnd = LENGTH_BYTES + headerLength(bytes, maxHeaderBytes, fail);
  const table = parseHeader(bytes.subarray(LENGTH_BYTES, headerEnd), fail);
  const metadata = metadataOf(table, fail);
  const entries = Object.keys(table)
    .filter((name) => name !== METADATA)
    .map((name) => entryOf(name, table[name], headerEnd, fail));
  const data = bytes.subarray(headerEnd);
  const inOrder = checkCoverage(entries, data.length, fail);
  const tensors: Record<string, Tensor> = Object.create(null);
  for (const { name, dtype, shape, count, begin, end } of inOrder) {
    const values = sharedArray<TensorData>(kinds[dtype], count);
    new Uint8Array(values.buffer).set(data.subarray(begin, end));
    tensors[name] = { dtype, shape, data: values };
  }
  return { tensors, metadata };
}

type Fail = (code: string, what: string) => never;

interface Entry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly count: number;
  readonly begin: number;
  readonly end: number;
}

function headerLength(bytes: Uint8Array, limit: number, fail: Fail): number {
  if (bytes.length < LENGTH_BYTES + 2) {
    return fail(
      'file/truncated',
      `${bytes.length} bytes are too few for a safetensors file; it was cut off or never written.`,
    );
  }
  const announced = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (bytes[LENGTH_BYTES] !== OPEN_BRACE) {
    return fail(
      'file/not-safetensors',
      'it is not a safetensors file (no JSON header after the first 8 bytes).',
    );
  }
  if (announced > BigInt(limit)) {
    return fail(
      'file/header-too-large',
      `it announces a header of ${announced} bytes; at most ${limit} are accepted.`,
    );
  }
  const length = Number(announced);
  if (length > bytes.length - LENGTH_BYTES) {
    return fail(
      'file/truncated',
      `it announces a header of ${length} bytes but has ${bytes.length - LENGTH_BYTES} after the length; it was cut off. ` +
        'Copy or save it again.',
    );
  }
  return length;
}

function parseHeader(header: Uint8Array, fail: Fail): Record<string, unknown> {
  let parsed: unknown;
  try {
    // A byte order mark stays in the text, where JSON refuses it.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
    parsed = parseStrictJson(text, HEADER_DEPTH);
  } catch (error) {
    return fail('file/damaged', `its header is not valid: ${(error as Error).message}.`);
  }
  if (!isRecord(parsed)) return fail('file/damaged', 'its header is not a JSON object.');
  if (Object.hasOwn(parsed, '__proto__'))
    return fail('file/damaged', "a tensor cannot be called '__proto__'.");
  return parsed;
}

function metadataOf(table: Record<string, unknown>, fail: Fail): Record<string, string> {
  const metadata: Record<string, string> = Object.create(null);
  if (!Object.hasOwn(table, METADATA)) return metadata;
  const found = table[METADATA];
  if (!isRecord(found)) return fail('file/damaged', `${METADATA} is not an object.`);
  for (const [key, value] of Object.entries(found)) {
    if (typeof value !== 'string')
      return fail('file/damaged', `${METADATA} entry ${JSON.stringify(key)} is not a string.`);
    metadata[key] = value;
  }
  return metadata;
}

function entryOf(name: string, value: unknown, headerEnd: number, fail: Fail): Entry {
  const wrong = (what: string): never => fail('file/damaged', `tensor ${JSON.stringify(name)} ${what}.`);
  if (!isRecord(value)) return wrong('is not described by an object');
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(kinds, dtype)) {
    return wrong(`has dtype ${JSON.stringify(dtype)}; known are ${dtypes.join(', ')}`);
  }
  const count = Array.isArray(shape) ? elementCount(shape) : undefined;
  if (count === undefined)
    return wrong('has a shape that is not a list of whole, non-negative sizes within range');
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) {
    return wrong('has data_offsets that are not two whole, non-negative numbers');
  }
  const [begin, end] = offsets as [number, number];
  const width = kinds[dtype as Dtype].BYTES_PER_ELEMENT;
  if (end - begin !== count * width) {
    return wrong(
      `of dtype ${dtype} and shape [${(shape as number[]).slice(0, 8).join(', ')}] needs ${count * width} bytes, its offsets span ${end - begin}`,
    );
  }
  if (count > 0 && (headerEnd + begin) % width !== 0) {
    return wrong(
      `starts at byte ${headerEnd + begin}, not a multiple of its element size ${width}; save the file with a current writer`,
    );
  }
  return { name, dtype: dtype as Dtype, shape: shape as number[], count, begin, end };
}

/** The entries in the order of the file, when they cover its `length` data bytes exactly once. */
function checkCoverage(entries: readonly Entry[], length: number, fail: Fail): Entry[] {
  const sorted = [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const { name, begin, end } of sorted) {
    if (begin !== covered) {
      return fail(
        'file/damaged',
        `tensor ${JSON.stringify(name)} starts at byte ${begin} of the data, ` +
          `${begin < covered ? 'inside the tensor before it' : 'after a gap'} (byte ${covered} was expected).`,
      );
    }
    covered = end;
  }
  if (covered > length) {
    return fail(
      'file/truncated',
      `its tensors need ${covered} bytes, ${length} are there; it was cut off. Copy or save it again.`,
    );
  }
  if (covered < length) {
    return fail('file/damaged', `${length - covered} bytes follow the last tensor and belong to nothing.`);
  }
  return sorted;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** ∏ shape, or `undefined` when a size is no size or the product of the elements' bytes leaves 2^53. */
function elementCount(shape: readonly unknown[]): number | undefined {
  let count = 1;
  for (const size of shape) {
    if (!isSize(size)) return undefined;
    count *= size;
    if (count * 8 > Number.MAX_SAFE_INTEGER) return undefined;
  }
  return count;
}
