// Products of dense float64 matrices of any layout: blocks are packed so that the inner loop reads memory in order.

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
            packedTile(block, packedB, size, factor, place, cRow);
            continue;
          }
          memory.fill(spare, 0, 192);
          packedTile(block, packedB, size, factor, spare, 32);
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

function packedTile(a: usize, b: usize, size: i32, factor: f64, out: usize, outRow: usize): void {
  let c00 = f64x2.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  let c40 = c00;
  let c41 = c00;
  let c50 = c00;
  let c51 = c00;
  for (let t = 0; t < size; t++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let s = v128.load64_splat(a);
    c00 = v128.relaxed_madd<f64>(s, b0, c00);
    c01 = v128.relaxed_madd<f64>(s, b1, c01);
    s = v128.load64_splat(a, 8);
    c10 = v128.relaxed_madd<f64>(s, b0, c10);
    c11 = v128.relaxed_madd<f64>(s, b1, c11);
    s = v128.load64_splat(a, 16);
    c20 = v128.relaxed_madd<f64>(s, b0, c20);
    c21 = v128.relaxed_madd<f64>(s, b1, c21);
    s = v128.load64_splat(a, 24);
    c30 = v128.relaxed_madd<f64>(s, b0, c30);
    c31 = v128.relaxed_madd<f64>(s, b1, c31);
    s = v128.load64_splat(a, 32);
    c40 = v128.relaxed_madd<f64>(s, b0, c40);
    c41 = v128.relaxed_madd<f64>(s, b1, c41);
    s = v128.load64_splat(a, 40);
    c50 = v128.relaxed_madd<f64>(s, b0, c50);
    c51 = v128.relaxed_madd<f64>(s, b1, c51);
    a += 48;
    b += 32;
  }
  const f = f64x2.splat(factor);
  addPair(out, f, c00, c01);
  addPair(out + outRow, f, c10, c11);
  addPair(out + 2 * outRow, f, c20, c21);
  addPair(out + 3 * outRow, f, c30, c31);
  addPair(out + 4 * outRow, f, c40, c41);
  addPair(out + 5 * outRow, f, c50, c51);
}

// @ts-ignore: decorator
@inline
function addPair(out: usize, factor: v128, c0: v128, c1: v128): void {
  v128.store(out, v128.relaxed_madd<f64>(factor, c0, v128.load(out)));
  v128.store(out, v128.relaxed_madd<f64>(factor, c1, v128.load(out, 16)), 16);
}
