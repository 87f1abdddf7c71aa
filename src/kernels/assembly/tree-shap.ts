// Shapley values of trees: see src/math/trees/shap-tables.ts for the mathematics.
//
// A tree is 32 bytes: number of its first split and how many it has, number of its first leaf and how many, first number
// of its tables, quadrature points (even), nodes (32 bits each).
// A split is 40 bytes: threshold (float64), twice the column plus 1 when missing values go left, its node, the left child
// (the right one is next), the node whose presence it inherits (32 bits each), cover shares of both children (float64).
// A split by category has a NaN as threshold whose lower 32 bits are the address of its set, see tree-predict.ts.
// Its tables: for a row that goes left, then for one that goes right, four vectors of `points` float64: factors of the left and
// of the right product, weights of the left and of the right sum. A leaf is its node (32 bits). Nodes count from their root.

import { isInSet } from './tree-predict';

// @ts-ignore: decorator
@inline
const SPLIT_BYTES: usize = 40;

/**
 * Adds to `out` (outputs × columns numbers a row) the Shapley values of each row of row-major `x` by trees `from` … `to` − 1.
 * With `width` 1 a leaf has one value, and tree t explains output t mod outputs; else each leaf has `outputs` values.
 * `scratch` holds 16 bytes a point and a byte for each node of the largest tree, each of the three parts rounded up to 64 bytes.
 */
export function treeShap(thread: i32, threads: i32, x: usize, rows: i32, columns: i32, trees: usize, from: i32, to: i32, splits: usize, leaves: usize, tables: usize, values: usize, width: i32, out: usize, outputs: i32, scratch: usize): void {
  const rowBytes = <usize>columns << 3;
  const outBytes = rowBytes * outputs;
  for (let tree = from; tree < to; tree++) {
    const descriptor = trees + (<usize>tree << 5);
    const count = load<i32>(descriptor, 4);
    if (count == 0) continue;
    const first = splits + <usize>load<u32>(descriptor) * SPLIT_BYTES;
    const firstLeaf = load<u32>(descriptor, 8);
    const leafNodes = leaves + (<usize>firstLeaf << 2);
    const leafCount = load<i32>(descriptor, 12);
    const leafValues = values + (<usize>firstLeaf * width << 3);
    const table = tables + (<usize>load<u32>(descriptor, 16) << 3);
    const size = <usize>load<u32>(descriptor, 20) << 3;
    const nodes = <usize>load<u32>(descriptor, 24);
    const present = scratch;
    const products = present + ((nodes + 63) & ~63);
    const sums = products + ((nodes * size + 63) & ~63);
    store<u8>(present, 1);
    for (let q: usize = 0; q < size; q += 16) v128.store(products + q, f64x2.splat(1));
    const offset = width == 1 ? <usize>(tree % outputs) * rowBytes : 0;
    for (let i = 0; i < rows; i++) {
      const row = x + <usize>i * rowBytes;
      descend(first, count, table, size, row, present, products);
      let result = out + <usize>i * outBytes + offset;
      for (let k = 0; k < width; k++) {
        weighLeaves(leafNodes, leafCount, leafValues + (<usize>k << 3), width, size, products, sums);
        ascend(first, count, table, size, present, sums, result);
        result += rowBytes;
      }
    }
  }
}

/** Products from the root down, and which nodes the row agrees with in the column of the split above them. */
// @ts-ignore: decorator
@inline
function descend(first: usize, count: i32, table: usize, size: usize, row: usize, present: usize, products: usize): void {
  let split = first;
  for (let s = 0; s < count; s++) {
    const packed = load<u32>(split, 8);
    const parent = products + <usize>load<u32>(split, 12) * size;
    const child = <usize>load<u32>(split, 16);
    const left = products + child * size;
    const right = left + size;
    if (load<u8>(present + <usize>load<u32>(split, 20)) == 0) {
      const leftShare = v128.load64_splat(split, 24);
      const rightShare = v128.load64_splat(split, 32);
      store<u8>(present + child, 0);
      store<u8>(present + child, 0, 1);
      for (let q: usize = 0; q < size; q += 16) {
        const product = v128.load(parent + q);
        v128.store(left + q, f64x2.mul(product, leftShare));
        v128.store(right + q, f64x2.mul(product, rightShare));
      }
    } else {
      const value = load<f64>(row + (<usize>(packed >> 1) << 3));
      const threshold = load<f64>(split);
      let goesLeft = (<u32>(value <= threshold) | (<u32>(value != value) & packed)) & 1;
      if (threshold != threshold) goesLeft |= <u32>isInSet(<usize>load<u32>(split), value);
      store<u8>(present + child, goesLeft);
      store<u8>(present + child, 1 - goesLeft, 1);
      const factors = table + (size << 2) * <usize>(2 * s + 1 - goesLeft);
      for (let q: usize = 0; q < size; q += 16) {
        const product = v128.load(parent + q);
        v128.store(left + q, f64x2.mul(product, v128.load(factors + q)));
        v128.store(right + q, f64x2.mul(product, v128.load(factors + size + q)));
      }
    }
    split += SPLIT_BYTES;
  }
}

// @ts-ignore: decorator
@inline
function weighLeaves(leafNodes: usize, count: i32, values: usize, width: i32, size: usize, products: usize, sums: usize): void {
  for (let leaf = 0; leaf < count; leaf++) {
    const at = <usize>load<u32>(leafNodes + (<usize>leaf << 2)) * size;
    const value = v128.load64_splat(values + (<usize>leaf * width << 3));
    for (let q: usize = 0; q < size; q += 16) v128.store(sums + at + q, f64x2.mul(value, v128.load(products + at + q)));
  }
}

/** Sums from the leaves up, and what the column of each split adds. */
// @ts-ignore: decorator
@inline
function ascend(first: usize, count: i32, table: usize, size: usize, present: usize, sums: usize, result: usize): void {
  for (let s = count - 1; s >= 0; s--) {
    const split = first + <usize>s * SPLIT_BYTES;
    const node = sums + <usize>load<u32>(split, 12) * size;
    const child = <usize>load<u32>(split, 16);
    const left = sums + child * size;
    const right = left + size;
    const goesLeft = load<u8>(present + child);
    if ((goesLeft | load<u8>(present + child, 1)) == 0) {
      for (let q: usize = 0; q < size; q += 16) v128.store(node + q, f64x2.add(v128.load(left + q), v128.load(right + q)));
      continue;
    }
    const weights = table + (size << 2) * <usize>(2 * s + 1 - goesLeft) + (size << 1);
    let total = f64x2.splat(0);
    for (let q: usize = 0; q < size; q += 16) {
      const a = v128.load(left + q);
      const b = v128.load(right + q);
      v128.store(node + q, f64x2.add(a, b));
      total = f64x2.add(total, f64x2.add(f64x2.mul(a, v128.load(weights + q)), f64x2.mul(b, v128.load(weights + size + q))));
    }
    const at = result + (<usize>(load<u32>(split, 8) >> 1) << 3);
    store<f64>(at, load<f64>(at) + f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1));
  }
}
