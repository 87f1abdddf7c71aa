// Xᵀ diag(h) X of a row-major matrix whose rows and columns are padded (see logistic.ts).
import { addTile } from './tile';

const BLOCK: i32 = 64;

/**
 * Adds the upper triangle of Xᵀ diag(h) X over the rows of each shard to the shard's own square. Shards `from` … `to` − 1 are shared
 * out among the threads. `squares` holds stride² numbers a shard, zeroed by the caller; `scratch` 64 × stride numbers a thread.
 */
export function weightedGram(thread: i32, threads: i32, x: usize, stride: i32, h: usize, rows: i32, shardRows: i32, from: i32, to: i32, scratch: usize, squares: usize): void {
  const rowBytes = <usize>stride << 3;
  scratch += <usize>thread * BLOCK * rowBytes;
  for (let shard = from + thread; shard < to; shard += threads) {
    const square = squares + <usize>shard * stride * rowBytes;
    const end = min(rows, (shard + 1) * shardRows);
    for (let row = shard * shardRows; row < end; row += BLOCK) {
      const block = x + <usize>row * rowBytes;
      const depth = min(BLOCK, end - row);
      scaleRows(block, h + (<usize>row << 3), depth, rowBytes, scratch);
      for (let i: usize = 0; i < rowBytes; i += 32) {
        const out = square + (i >> 3) * rowBytes;
        for (let j = i; j < rowBytes; j += 32) {
          addTile(block + i, 8, rowBytes, scratch + j, rowBytes, depth, out + j, rowBytes);
        }
      }
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
    for (let i = first; i < last; i += 8) store<f64>(out + i, load<f64>(out + i) + load<f64>(part + i));
  }
}
