/** DuckDB's numbers of types that a frame can hold, by how their vectors are read. */
export const TYPE = {
  boolean: 1,
  tinyint: 2,
  smallint: 3,
  integer: 4,
  bigint: 5,
  utinyint: 6,
  usmallint: 7,
  uinteger: 8,
  ubigint: 9,
  float: 10,
  double: 11,
  timestamp: 12,
  date: 13,
  time: 14,
  interval: 15,
  hugeint: 16,
  varchar: 17,
  decimal: 19,
  timestampS: 20,
  timestampMs: 21,
  timestampNs: 22,
  enumeration: 23,
  uuid: 27,
  bit: 29,
  timeTz: 30,
  timestampTz: 31,
  uhugeint: 32,
  nothing: 36,
  timeNs: 39,
} as const;

/** Types of numbers whose vectors are typed arrays already. */
export const PLAIN_NUMBERS: ReadonlyMap<
  number,
  {
    readonly BYTES_PER_ELEMENT: number;
    new (buffer: ArrayBuffer, at: number, length: number): ArrayLike<number>;
  }
> = new Map<number, never>([
  [TYPE.tinyint, Int8Array as never],
  [TYPE.smallint, Int16Array as never],
  [TYPE.integer, Int32Array as never],
  [TYPE.utinyint, Uint8Array as never],
  [TYPE.usmallint, Uint16Array as never],
  [TYPE.uinteger, Uint32Array as never],
  [TYPE.float, Float32Array as never],
  [TYPE.double, Float64Array as never],
]);

/** Whole numbers of more than 32 bits: 32-bit words, and whether signed. */
export const WIDE_INTEGERS: ReadonlyMap<number, { readonly words: 2 | 4; readonly signed: boolean }> =
  new Map([
    [TYPE.bigint, { words: 2, signed: true }],
    [TYPE.ubigint, { words: 2, signed: false }],
    [TYPE.hugeint, { words: 4, signed: true }],
    [TYPE.uhugeint, { words: 4, signed: false }],
  ]);

/** Times since 1970: 32-bit words of a value, and milliseconds per unit as a fraction. */
export const INSTANTS: ReadonlyMap<
  number,
  { readonly words: 1 | 2; readonly times: number; readonly over: number }
> = new Map([
  [TYPE.date, { words: 1, times: 86_400_000, over: 1 }],
  [TYPE.timestampS, { words: 2, times: 1000, over: 1 }],
  [TYPE.timestampMs, { words: 2, times: 1, over: 1 }],
  [TYPE.timestamp, { words: 2, times: 1, over: 1000 }],
  [TYPE.timestampTz, { words: 2, times: 1, over: 1000 }],
  [TYPE.timestampNs, { words: 2, times: 1, over: 1_000_000 }],
]);

/** Types without a kind of column, whose text is read instead. */
export const AS_TEXT: ReadonlySet<number> = new Set([
  TYPE.time,
  TYPE.timeTz,
  TYPE.timeNs,
  TYPE.interval,
  TYPE.uuid,
  TYPE.bit,
]);
