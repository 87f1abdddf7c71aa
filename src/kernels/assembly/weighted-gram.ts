// Xᵀ diag(h) X of a row-major matrix whose rows and columns are padded (see logistic.ts).
import { addOuterTile } from './outer-tile';
import { addTile } from './tile';

const BLOCK: i32 = 64;

/**
 * Adds the upper triangle of Xᵀ diag(h) X (and what lies below it in the tiles that cross the diagonal) over rows `first` … `last` − 1 of each shard to the shard's own square. Shards `from` … `to` − 1 are shared
 * out among the threads. `squares` holds stride² numbers a shard, zeroed by the caller; `scratch` 64 × stride numbers a thread.
 */
export function weightedGram(thread: i32, threads: i32, x: usize, stride: i32, h: usize, rows: i32, shardRows: i32, from: i32, to: i32, first: i32, last: i32, scratch: usize, squares: usize): void {
  const rowBytes = <usize>stride << 3;
  scratch += <usize>thread * BLOCK * rowBytes;
  for (let shard = from + thread; shard < to; shard += threads) {
    const square = squares + <usize>shard * stride * rowBytes;
    const end = min(rows, shard * shardRows + last);
    for (let row = shard * shardRows + first; row < end; row += BLOCK) {
      const block = x + <usize>row * rowBytes;
      const depth = min(BLOCK, end - row);
      scaleRows(block, h + (<usize>row << 3), depth, rowBytes, scratch);
      addSquare(block, scratch, depth, stride, square);
    }
  }
}

/** Tiles of 6 × 4 with one or two of 4 × 4 at the end, so that rows of any multiple of 4 are covered. */
function addSquare(block: usize, scaled: usize, depth: i32, stride: i32, square: usize): void {
  const rowBytes = <usize>stride << 3;
  const sixes = stride - (stride % 6 == 0 ? 0 : stride % 6 == 4 ? 4 : 8);
  for (let j = 0; j < stride; j += 4) {
    const b = scaled + (<usize>j << 3);
    const out = square + (<usize>j << 3);
    let i = 0;
    for (; i < sixes && i < j + 4; i += 6) {
      addOuterTile(block + (<usize>i << 3), rowBytes, b, rowBytes, depth, out + <usize>i * rowBytes, rowBytes, 1);
    }
    for (; i < j + 4; i += 4) {
      addTile(block + (<usize>i << 3), 8, rowBytes, b, rowBytes, depth, out + <usize>i * rowBytes, rowBytes);
    }
  }
}

function scaleRows(block: usize, h: usize, depth: i32, rowBytes: usize, out: usize): void {
  for (let t = 0; t < depth; t++) {
    const factor = v128.load64_splat(h);
    for (let j: usize = 0; j < rowBytes; j += 32) {
      v128.store(out + j, f64x2.mul(factor, v128.load(block + j)));
      v128.store(out + j, f64x2.mul(factor, v128.load(block + j, 16)), 16);
    }
    h += 8;
    block += rowBytes;
    out += rowBytes;
  }
}

/** out[i] = Σ_shard parts[shard, i], in the order of the shards; the `size` numbers are shared out in whole cache lines. */
export function sumShards(thread: i32, threads: i32, parts: usize, size: i32, shards: i32, out: usize): void {
  const lines = (size + 7) / 8;
  const first = <usize>(lines * thread / threads) << 6;
  const last = min(<usize>size << 3, <usize>(lines * (thread + 1) / threads) << 6);
  if (first >= last) return;
  memory.copy(out + first, parts + first, last - first);
  for (let shard = 1; shard < shards; shard++) {
    const part = parts + ((<usize>shard * size) << 3);
    let i = first;
    for (; i + 16 <= last; i += 16) v128.store(out + i, f64x2.add(v128.load(out + i), v128.load(part + i)));
    if (i < last) store<f64>(out + i, load<f64>(out + i) + load<f64>(part + i));
  }
}
