// Products of dense float64 matrices of any layout: blocks are packed so that the inner loop reads memory in order.

import { addOuterTile } from './outer-tile';
import { addTile } from './tile';

/** Depth and rows of a packed block of A: 192 KiB, which stay in the second-level cache. */
const DEPTH: i32 = 256;
const ROWS: i32 = 96;
/** Columns of B that are packed at a time: whole cache lines of it. */
const COLUMNS: i32 = 16;

/**
 * C[i, j] += factor · Σ_t A[i, t] · B[t, j] for i < m, `from` ≤ j < `to`, t < depth. A[i, t] lies at a + i · aRow + t · aStep, B[t, j] at
 * b + t · bStep + j · bColumn, C[i, j] at c + i · cRow + 8 j; all steps in bytes. The threads share out the columns, four at a time, or the
 * rows when there are more of them; every number is summed in the same order whoever does it. `scratch` holds 28,704 numbers a thread.
 */
export function addProduct(
  thread: i32, threads: i32, m: i32, depth: i32, factor: f64, a: usize, aRow: usize, aStep: usize,
  b: usize, bStep: usize, bColumn: usize, c: usize, cRow: usize, from: i32, to: i32, scratch: usize,
): void {
  scratch += <usize>thread * 229632;
  if (m > to - from) {
    const groups = (m + 5) / 6;
    const top = groups * thread / threads * 6;
    const bottom = min(m, groups * (thread + 1) / threads * 6);
    addBlocks(top, bottom, depth, factor, a, aRow, aStep, 0, b, bStep, bColumn, c, cRow, from, to, false, scratch);
    return;
  }
  const panels = (to - from + 3) >> 2;
  const first = from + (panels * thread / threads << 2);
  const last = min(to, from + (panels * (thread + 1) / threads << 2));
  addBlocks(0, m, depth, factor, a, aRow, aStep, 0, b, bStep, bColumn, c, cRow, first, last, false, scratch);
}

/**
 * {@link addProduct} for a square C of `m` rows of which only the upper triangle is wanted: entries below it are left undefined. The threads share out
 * rows that make equal parts of the triangle.
 */
export function addUpperProduct(
  thread: i32, threads: i32, m: i32, depth: i32, factor: f64, a: usize, aRow: usize, aStep: usize,
  b: usize, bStep: usize, bColumn: usize, c: usize, cRow: usize, scratch: usize,
): void {
  scratch += <usize>thread * 229632;
  const groups = <f64>((m + 5) / 6);
  const top = <i32>(groups * (1 - sqrt(1 - <f64>thread / <f64>threads))) * 6;
  const bottom = min(m, <i32>(groups * (1 - sqrt(1 - <f64>(thread + 1) / <f64>threads))) * 6);
  addBlocks(top, bottom, depth, factor, a, aRow, aStep, 0, b, bStep, bColumn, c, cRow, 0, m, true, scratch);
}

/**
 * C = Σ_t A[i, t] · B[lines[t], j] for i < m, j < columns: rows of B are taken in the order of `lines`. Row-major all three; steps in bytes. The
 * threads share out the rows.
 */
export function gatheredProduct(
  thread: i32, threads: i32, m: i32, depth: i32, a: usize, aRow: usize, b: usize, bStep: usize, lines: usize, columns: i32, c: usize, cRow: usize, scratch: usize,
): void {
  scratch += <usize>thread * 229632;
  const groups = (m + 5) / 6;
  const top = groups * thread / threads * 6;
  const bottom = min(m, groups * (thread + 1) / threads * 6);
  for (let i = top; i < bottom; i++) memory.fill(c + <usize>i * cRow, 0, <usize>columns << 3);
  addBlocks(top, bottom, depth, 1, a, aRow, 8, lines, b, bStep, 8, c, cRow, 0, columns, false, scratch);
}

/**
 * C[i, j] += Σ_t A[i, t] · B[t, j] for `from` ≤ i < `to` and j < columns, all of them multiples of four: for few columns, where packing A would cost more than
 * it saves. B and C are row-major. The threads share out the rows; every number is summed in the same order whoever does it.
 */
export function addNarrowProduct(
  thread: i32, threads: i32, from: i32, to: i32, depth: i32, a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize, columns: i32, c: usize, cRow: usize,
): void {
  const groups = (to - from) >> 2;
  const first = from + (groups * thread / threads << 2);
  const last = from + (groups * (thread + 1) / threads << 2);
  // Of a transposed A, rows of memory for which a stretch stays in the second-level cache.
  const stretch = aStep == 8 ? DEPTH : 64;
  for (let t = 0; t < depth; t += stretch) {
    const size = min(stretch, depth - t);
    for (let i = first; i < last; i += 4) {
      const left = a + <usize>i * aRow + <usize>t * aStep;
      const out = c + <usize>i * cRow;
      for (let j: usize = 0; j < <usize>columns << 3; j += 32) addTile(left, aRow, aStep, b + <usize>t * bStep + j, bStep, size, out + j, cRow);
    }
  }
}

/** Rows `top` … `bottom` − 1 and columns `from` … `to` − 1; with `upper` only tiles that reach column ≥ row. */
function addBlocks(
  top: i32, bottom: i32, depth: i32, factor: f64, a: usize, aRow: usize, aStep: usize,
  lines: usize, b: usize, bStep: usize, bColumn: usize, c: usize, cRow: usize, from: i32, to: i32, upper: bool, scratch: usize,
): void {
  const packedA = scratch;
  const packedB = packedA + <usize>(DEPTH * ROWS * 8);
  const spare = packedB + <usize>(DEPTH * COLUMNS * 8);
  for (let t0 = 0; t0 < depth; t0 += DEPTH) {
    const size = min(DEPTH, depth - t0);
    for (let i0 = top; i0 < bottom; i0 += ROWS) {
      const rows = min(ROWS, bottom - i0);
      packRows(a + <usize>i0 * aRow + <usize>t0 * aStep, aRow, aStep, rows, size, packedA);
      for (let j0 = upper ? from + (i0 - from) / COLUMNS * COLUMNS : from; j0 < to; j0 += COLUMNS) {
        const wide = min(COLUMNS, to - j0);
        if (lines != 0) packLines(b + <usize>j0 * bColumn, bStep, lines + (<usize>t0 << 2), wide, size, packedB);
        else packColumns(b + <usize>t0 * bStep + <usize>j0 * bColumn, bStep, bColumn, wide, size, packedB);
        for (let j = 0; j < wide; j += 4) {
          const column = j0 + j;
          const columns = min(4, wide - j);
          const panel = packedB + (<usize>(j >> 2) * <usize>size << 5);
          const out = c + <usize>i0 * cRow + (<usize>column << 3);
          for (let i = 0; i < rows; i += 6) {
            if (upper && column + 3 < i0 + i) break;
            const block = packedA + <usize>i * <usize>size * 8;
            const place = out + <usize>i * cRow;
            if (columns == 4 && rows - i >= 6) {
              addOuterTile(block, 48, panel, 32, size, place, cRow, factor);
              continue;
            }
            memory.fill(spare, 0, 192);
            addOuterTile(block, 48, panel, 32, size, spare, 32, factor);
            for (let r = 0; r < min(6, rows - i); r++) {
              for (let k = 0; k < columns; k++) {
                const at = place + <usize>r * cRow + (<usize>k << 3);
                store<f64>(at, load<f64>(at) + load<f64>(spare + (<usize>(4 * r + k) << 3)));
              }
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
    const block = a + <usize>i * aRow;
    if (count == 6 && aRow == 8) {
      let at = block;
      let to = out;
      for (let t = 0; t < size; t++) {
        v128.store(to, v128.load(at));
        v128.store(to, v128.load(at, 16), 16);
        v128.store(to, v128.load(at, 32), 32);
        at += aStep;
        to += 48;
      }
    } else if (count == 6 && aStep == 8) turnSix(block, aRow, size, out);
    else {
      for (let r = 0; r < 6; r++) {
        let to = out + (<usize>r << 3);
        let at = block + <usize>r * aRow;
        for (let t = 0; t < size; t++) {
          store<f64>(to, r < count ? load<f64>(at) : 0);
          at += aStep;
          to += 48;
        }
      }
    }
    out += <usize>size * 48;
  }
}

/** Six rows of consecutive numbers, two numbers of each at a time. */
function turnSix(a0: usize, row: usize, size: i32, out: usize): void {
  const a1 = a0 + row;
  const a2 = a1 + row;
  const a3 = a2 + row;
  const a4 = a3 + row;
  const a5 = a4 + row;
  const end = <usize>(size & ~1) << 3;
  for (let t: usize = 0; t < end; t += 16) {
    let x = v128.load(a0 + t);
    let y = v128.load(a1 + t);
    v128.store(out, v128.shuffle<f64>(x, y, 0, 2));
    v128.store(out, v128.shuffle<f64>(x, y, 1, 3), 48);
    x = v128.load(a2 + t);
    y = v128.load(a3 + t);
    v128.store(out, v128.shuffle<f64>(x, y, 0, 2), 16);
    v128.store(out, v128.shuffle<f64>(x, y, 1, 3), 64);
    x = v128.load(a4 + t);
    y = v128.load(a5 + t);
    v128.store(out, v128.shuffle<f64>(x, y, 0, 2), 32);
    v128.store(out, v128.shuffle<f64>(x, y, 1, 3), 80);
    out += 96;
  }
  if ((size & 1) == 0) return;
  store<f64>(out, load<f64>(a0 + end));
  store<f64>(out, load<f64>(a1 + end), 8);
  store<f64>(out, load<f64>(a2 + end), 16);
  store<f64>(out, load<f64>(a3 + end), 24);
  store<f64>(out, load<f64>(a4 + end), 32);
  store<f64>(out, load<f64>(a5 + end), 40);
}

/** Panels of four columns side by side for each t, zeros beyond the last column. */
function packColumns(b: usize, bStep: usize, bColumn: usize, columns: i32, size: i32, out: usize): void {
  const panelBytes = <usize>size << 5;
  if (columns == COLUMNS && bColumn == 8) {
    for (let t = 0; t < size; t++) {
      copyFour(b, out);
      copyFour(b + 32, out + panelBytes);
      copyFour(b + 64, out + 2 * panelBytes);
      copyFour(b + 96, out + 3 * panelBytes);
      b += bStep;
      out += 32;
    }
    return;
  }
  for (let j = 0; j < columns; j += 4) {
    if (columns - j >= 4 && bStep == 8) turnFour(b, bColumn, size, out);
    else if (columns - j >= 4 && bColumn == 8) {
      for (let t: usize = 0; t < <usize>size; t++) copyFour(b + t * bStep, out + (t << 5));
    } else {
      for (let k = 0; k < 4; k++) {
        let to = out + (<usize>k << 3);
        let at = b + <usize>k * bColumn;
        for (let t = 0; t < size; t++) {
          store<f64>(to, k < columns - j ? load<f64>(at) : 0);
          at += bStep;
          to += 32;
        }
      }
    }
    b += 4 * bColumn;
    out += panelBytes;
  }
}

/** {@link packColumns} of the rows that `lines` names. */
function packLines(b: usize, bStep: usize, lines: usize, columns: i32, size: i32, out: usize): void {
  const panelBytes = <usize>size << 5;
  for (let t = 0; t < size; t++) {
    const row = b + <usize>load<i32>(lines + (<usize>t << 2)) * bStep;
    let to = out + (<usize>t << 5);
    for (let j = 0; j < columns; j += 4) {
      if (columns - j >= 4) copyFour(row + (<usize>j << 3), to);
      else for (let k = 0; k < 4; k++) store<f64>(to + (<usize>k << 3), j + k < columns ? load<f64>(row + (<usize>(j + k) << 3)) : 0);
      to += panelBytes;
    }
  }
}

// @ts-ignore: decorator
@inline
function copyFour(from: usize, to: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
}

/** Four columns of consecutive numbers, two numbers of each at a time. */
function turnFour(b0: usize, column: usize, size: i32, out: usize): void {
  const b1 = b0 + column;
  const b2 = b1 + column;
  const b3 = b2 + column;
  const end = <usize>(size & ~1) << 3;
  for (let t: usize = 0; t < end; t += 16) {
    let x = v128.load(b0 + t);
    let y = v128.load(b1 + t);
    v128.store(out, v128.shuffle<f64>(x, y, 0, 2));
    v128.store(out, v128.shuffle<f64>(x, y, 1, 3), 32);
    x = v128.load(b2 + t);
    y = v128.load(b3 + t);
    v128.store(out, v128.shuffle<f64>(x, y, 0, 2), 16);
    v128.store(out, v128.shuffle<f64>(x, y, 1, 3), 48);
    out += 64;
  }
  if ((size & 1) == 0) return;
  store<f64>(out, load<f64>(b0 + end));
  store<f64>(out, load<f64>(b1 + end), 8);
  store<f64>(out, load<f64>(b2 + end), 16);
  store<f64>(out, load<f64>(b3 + end), 24);
}
