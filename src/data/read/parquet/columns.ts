import type { ColumnKind } from '../csv/layout.ts';
import { Malformed, numberOf, type Struct } from './thrift.ts';

/** A column of a Parquet file. */
export interface Column {
  readonly name: string;
  /** Place of its (first) chunk in a row group. */
  readonly leaf: number;
  /** Parquet's number of the type that is stored. */
  readonly physical: number;
  readonly nested: boolean;
  readonly optional: boolean;
  /** How its values are read; nothing when that is not done here. */
  readonly storage: Storage | undefined;
  /** Says for {@link sameColumns} all that the schema says of the type. */
  readonly type: string;
}

/** How values are stored; the numeric ones as the kernel `plainNumbers` has them. */
export const STORED = {
  double: 0,
  float: 1,
  int32: 2,
  uint32: 3,
  int64: 4,
  uint64: 5,
  bits: 6,
  texts: 7,
} as const;

export interface Storage {
  readonly kind: ColumnKind;
  readonly stored: number;
  /** A number stands for number × times / over; dates are milliseconds. */
  readonly times: number;
  readonly over: number;
  /** Whether whole numbers from 2^53 on must be told. */
  readonly exact: boolean;
}

/** Parquet's numbers of physical types. */
export const PHYSICAL = { boolean: 0, int32: 1, int64: 2, float: 4, double: 5, bytes: 6 } as const;
const REPETITION = { required: 0, optional: 1, repeated: 2 } as const;
// Converted types.
const [UTF8, ENUM, DECIMAL, DATE, MILLIS, MICROS] = [0, 4, 5, 6, 9, 10];
const [UINT8, UINT32, UINT64, INT8, INT64] = [11, 13, 14, 15, 18];
/** Fields of the union of logical types. */
const LOGICAL = { string: 1, enumeration: 4, decimal: 5, date: 6, timestamp: 8, integer: 10 } as const;

const DAY_MS = 86_400_000;
/** Digits up to here are exact, as is the power of ten. */
const MOST_SCALE = 22;

/** Bytes of a stored value; 0 for bits and texts. */
export function bytesOf(stored: number): number {
  if (stored === STORED.bits || stored === STORED.texts) return 0;
  return stored === STORED.float || stored === STORED.int32 || stored === STORED.uint32 ? 4 : 8;
}

/** The column of a schema element at the top. */
export function columnOf(element: Struct, name: string, leaf: number): Column {
  const nested = numberOf(element, 5, 0) > 0;
  const repetition = numberOf(element, 3, REPETITION.required);
  if (repetition < 0 || repetition > REPETITION.repeated)
    throw new Malformed(`there is no repetition ${repetition}`);
  const physical = nested ? -1 : numberOf(element, 1);
  return {
    name,
    leaf,
    physical,
    nested: nested || repetition === REPETITION.repeated,
    optional: repetition === REPETITION.optional,
    storage: nested || repetition === REPETITION.repeated ? undefined : storageOf(element, physical),
    type: JSON.stringify([
      nested,
      repetition,
      physical,
      element[2],
      element[6],
      element[7],
      element[8],
      element[10],
    ]),
  };
}

/** Whether two files have the same columns. */
export function sameColumns(a: readonly Column[], b: readonly Column[]): boolean {
  return a.length === b.length && a.every(({ name, type }, j) => b[j]!.name === name && b[j]!.type === type);
}

function storageOf(element: Struct, physical: number): Storage | undefined {
  const converted = numberOf(element, 6, -1);
  const logical = logicalOf(element);
  switch (physical) {
    case PHYSICAL.boolean:
      return storage('boolean', STORED.bits);
    case PHYSICAL.float:
      return plain(converted, logical) ? storage('number', STORED.float) : undefined;
    case PHYSICAL.double:
      return plain(converted, logical) ? storage('number', STORED.double) : undefined;
    case PHYSICAL.bytes:
      return isText(converted, logical) ? storage('string', STORED.texts) : undefined;
    case PHYSICAL.int32:
      if (converted === DATE) return storage('date', STORED.int32, DAY_MS);
      return integers(
        element,
        converted,
        logical,
        STORED.int32,
        STORED.uint32,
        (c) => c >= UINT8 && c <= UINT32,
      );
    case PHYSICAL.int64:
      return (
        instants(converted, logical) ??
        integers(element, converted, logical, STORED.int64, STORED.uint64, (c) => c === UINT64)
      );
    default:
      return undefined;
  }
}

interface Logical {
  readonly id: number;
  readonly fields: Struct;
}

/** The member of the union of logical types, nothing when there is none. */
function logicalOf(element: Struct): Logical | undefined {
  const union = element[10];
  if (!Array.isArray(union)) return undefined;
  const id = union.findIndex((member) => member !== undefined);
  const fields = union[id];
  return { id, fields: Array.isArray(fields) ? fields : [] };
}

function plain(converted: number, logical: Logical | undefined): boolean {
  return converted < 0 && logical === undefined;
}

function isText(converted: number, logical: Logical | undefined): boolean {
  if (converted === UTF8 || converted === ENUM) return logical === undefined || isTextual(logical.id);
  return converted < 0 && logical?.id === LOGICAL.string;
}

function isTextual(id: number): boolean {
  return id === LOGICAL.string || id === LOGICAL.enumeration;
}

/** Timestamps, whether their zone is UTC or unknown. */
function instants(converted: number, logical: Logical | undefined): Storage | undefined {
  if (logical?.id === LOGICAL.timestamp) {
    const unit = logical.fields[2];
    if (!Array.isArray(unit)) return undefined;
    if (unit[1] !== undefined) return storage('date', STORED.int64);
    if (unit[2] !== undefined) return storage('date', STORED.int64, 1, 1000);
    // Nanoseconds in UTC have a type of their own in some readers.
    return unit[3] !== undefined && logical.fields[1] !== true
      ? storage('date', STORED.int64, 1, 1_000_000)
      : undefined;
  }
  if (logical !== undefined) return undefined;
  if (converted === MILLIS) return storage('date', STORED.int64);
  return converted === MICROS ? storage('date', STORED.int64, 1, 1000) : undefined;
}

function integers(
  element: Struct,
  converted: number,
  logical: Logical | undefined,
  signed: number,
  unsigned: number,
  isUnsigned: (converted: number) => boolean,
): Storage | undefined {
  if (converted === DECIMAL || logical?.id === LOGICAL.decimal) {
    const scale = numberOf(element, 7, 0);
    if (scale < 0 || scale > MOST_SCALE) return undefined;
    return { ...storage('number', signed, 1, 10 ** scale), exact: true };
  }
  if (logical !== undefined && logical.id !== LOGICAL.integer) return undefined;
  if (converted < 0 && logical === undefined) return { ...storage('number', signed), exact: true };
  // Readers disagree about integers that say their width in one way only.
  if (converted < UINT8 || converted > INT64) return undefined;
  if (converted >= INT8 || isUnsigned(converted)) {
    return { ...storage('number', converted >= INT8 ? signed : unsigned), exact: true };
  }
  return undefined;
}

function storage(kind: ColumnKind, stored: number, times = 1, over = 1): Storage {
  return { kind, stored, times, over, exact: false };
}
