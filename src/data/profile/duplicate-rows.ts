import { type Column, type Frame, isMissing } from '../../core/frame.ts';

/** Rows equal to an earlier row in every column; missing equals missing. */
export function countDuplicateRows(frame: Frame): number {
  const columns = frame.entries().map(([, column]) => column);
  if (columns.length === 0) return 0;
  const keys = hashRows(columns, frame.rows);
  const firstOf = new Map<number, number[]>();
  let duplicates = 0;
  for (let row = 0; row < frame.rows; row++) {
    const earlier = firstOf.get(keys[row]!);
    if (earlier === undefined) firstOf.set(keys[row]!, [row]);
    else if (
      earlier.some((other) => columns.every((column) => cellKey(column, row) === cellKey(column, other)))
    ) {
      duplicates++;
    } else earlier.push(row);
  }
  return duplicates;
}

/** What stands for a cell in comparisons: a number, or NaN's stand-in where it is missing. */
function cellKey(column: Column, row: number): number | string {
  if (isMissing(column, row)) return 'missing';
  const value = column.kind === 'string' ? column.codes[row]! : column.values[row]!;
  return Number.isNaN(value) ? 'missing' : value;
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** 53 bits a row: two independent 32-bit mixtures (multiplications of MurmurHash3's finaliser), cut to what a number holds. */
function hashRows(columns: readonly Column[], rows: number): Float64Array {
  const high = new Uint32Array(rows);
  const low = new Uint32Array(rows);
  for (const column of columns) {
    for (let row = 0; row < rows; row++) {
      const key = cellKey(column, row);
      // −0 equals 0, so both get the bits of 0.
      double[0] = typeof key === 'string' ? Number.MAX_VALUE : key + 0;
      high[row] = mix(Math.imul(high[row]!, 31) ^ words[0]! ^ Math.imul(words[1]!, 0x9e3779b1), 0x85ebca6b);
      low[row] = mix(Math.imul(low[row]!, 37) ^ words[1]! ^ Math.imul(words[0]!, 0x27d4eb2f), 0xc2b2ae35);
    }
  }
  return Float64Array.from(high, (bits, row) => (bits >>> 11) * 2 ** 32 + low[row]!);
}

function mix(bits: number, factor: number): number {
  const mixed = Math.imul(bits ^ (bits >>> 16), factor);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
