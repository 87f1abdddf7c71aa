// Vectors of DuckDB's VARCHAR: 16 bytes a value, its length (u32), then the text itself in up to 12 bytes, or its first four and a pointer.
import { ESCAPED } from './csv-scan';

const INLINE_BYTES: u32 = 12;

/**
 * Indexes `rows` values at `values`, for `csvCodes`: start and end of each as offsets from `values`, an empty text marked as escaped, both 0 for
 * a missing one. `validity` has a bit a row, 0 stands for none missing. Texts that lie elsewhere are to follow the values, at `behind`
 * (an offset) and after, in the order of their rows, which go to `far` (i32 each). Returns how many there are.
 */
export function indexTexts(thread: i32, threads: i32, values: usize, rows: i32, validity: usize, behind: u32, index: usize, far: usize): i32 {
  let count = 0;
  let end = behind;
  for (let i = 0; i < rows; i++) {
    let start = (<u32>i << 4) + 4;
    const length = load<u32>(values + (<usize>i << 4));
    let stop: u32 = 0;
    if (validity != 0 && ((load<u8>(validity + (i >> 3)) >> <u8>(i & 7)) & 1) == 0) start = 0;
    else if (length <= INLINE_BYTES) stop = length == 0 ? start | ESCAPED : start + length;
    else {
      start = end;
      end += length;
      stop = end;
      store<i32>(far + (count++ << 2), i);
    }
    store<u32>(index + (<usize>i << 3), start);
    store<u32>(index + (<usize>i << 3), stop, 4);
  }
  return count;
}
