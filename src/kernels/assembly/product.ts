// Products of dense float64 matrices of any layout: blocks are packed so that the inner loop reads memory in order.

import { addOuterTile } from './outer-tile';

/** Depth and rows of a packed block of A: 96 KiB, which stay in the second-level cache. */
const DEPTH: i32 = 256;
const ROWS: i32 = 48;

/**
 * C[i, j] += factor · Σ_t A[i, t] · B[t, j] for i < m, `from` ≤ j < `to`, t < depth. A[i, t] lies at a + i · aRow + t · aStep, B[t, j] at
 * b + t · bStep + j · bColumn, C[i, j] at c + i · cRow + 8 j; all steps in bytes. The threads share out the columns, four at a time, or the
 * rows when there are more of them; every number is summed in the same order whoever does it. `scratch` holds 14,400 numbers a thread.
 */
export function addProduct(
  thread: i32, threads: i32, m: i32, depth: i32, factor: f64, a: usize, aRow: usize, aStep: usize,
  b: usize, bStep: usize, bColumn: usize, c: usize, cRow: usize, from: i32, to: i32, scratch: usize,
): void {
  const packedA = scratch + <usize>thread * 115200;
  const packedB = packedA + <usize>(DEPTH * ROWS * 8);
  const spare = packedB + <usize>(DEPTH * 4 * 8);
  const panels = (to - from + 3) >> 2;
  let first = 0;
  let last = panels;
  let top = 0;
  let bottom = m;
  if (m > to - from) {
    const blocks = (m + ROWS - 1) / ROWS;
    top = blocks * thread / threads * ROWS;
    bottom = min(m, blocks * (thread + 1) / threads * ROWS);
  } else {
    first = panels * thread / threads;
    last = panels * (thread + 1) / threads;
  }
  for (let t0 = 0; t0 < depth; t0 += DEPTH) {
    const size = min(DEPTH, depth - t0);
    for (let i0 = top; i0 < bottom; i0 += ROWS) {
      const rows = min(ROWS, bottom - i0);
      packRows(a + <usize>i0 * aRow + <usize>t0 * aStep, aRow, aStep, rows, size, packedA);
      for (let panel = first; panel < last; panel++) {
        const column = from + (panel << 2);
        const columns = min(4, to - column);
        packColumns(b + <usize>t0 * bStep + <usize>column * bColumn, bStep, bColumn, columns, size, packedB);
        const out = c + <usize>i0 * cRow + (<usize>column << 3);
        for (let i = 0; i < rows; i += 6) {
          const block = packedA + <usize>i * <usize>size * 8;
          const place = out + <usize>i * cRow;
          if (columns == 4 && rows - i >= 6) {
            addOuterTile(block, 48, packedB, 32, size, place, cRow, factor);
            continue;
          }
          memory.fill(spare, 0, 192);
          addOuterTile(block, 48, packedB, 32, size, spare, 32, factor);
          for (let r = 0; r < min(6, rows - i); r++) {
            for (let j = 0; j < columns; j++) {
              const at = place + <usize>r * cRow + (<usize>j << 3);
              store<f64>(at, load<f64>(at) + load<f64>(spare + (<usize>(4 * r + j) << 3)));
            }
          }
        }
      }
    }
  }
}

/** Six rows side by side for each t, zeros beyond the last row. */
function packRows(a: usize, aRow: usize, aStep: usize, rows: i32, size: i32, out: usize): void {
  for (let i = 0; i < rows; i += 6) {
    const count = min(6, rows - i);
    if (count == 6 && aRow == 8) {
      let at = a + (<usize>i << 3);
      let to = out;
      for (let t = 0; t < size; t++) {
        v128.store(to, v128.load(at));
        v128.store(to, v128.load(at, 16), 16);
        v128.store(to, v128.load(at, 32), 32);
        at += aStep;
        to += 48;
      }
      out += <usize>size * 48;
      continue;
    }
    for (let r = 0; r < 6; r++) {
      let to = out + (<usize>r << 3);
      let at = a + <usize>(i + r) * aRow;
      if (r < count) {
        for (let t = 0; t < size; t++) {
          store<f64>(to, load<f64>(at));
          at += aStep;
          to += 48;
        }
      } else {
        for (let t = 0; t < size; t++) {
          store<f64>(to, 0);
          to += 48;
        }
      }
    }
    out += <usize>size * 48;
  }
}

/** Four columns side by side for each t, zeros beyond the last column. */
function packColumns(b: usize, bStep: usize, bColumn: usize, columns: i32, size: i32, out: usize): void {
  if (columns == 4 && bColumn == 8) {
    for (let t = 0; t < size; t++) {
      v128.store(out, v128.load(b));
      v128.store(out, v128.load(b, 16), 16);
      b += bStep;
      out += 32;
    }
    return;
  }
  for (let j = 0; j < 4; j++) {
    let to = out + (<usize>j << 3);
    let at = b + <usize>j * bColumn;
    for (let t = 0; t < size; t++) {
      store<f64>(to, j < columns ? load<f64>(at) : 0);
      at += bStep;
      to += 32;
    }
  }
}
