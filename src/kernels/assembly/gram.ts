// ZᵀZ of a tall row-major matrix, one block of rows at a time.
import { addOuterTile } from './outer-tile';

/**
 * Adds the upper triangle of ZᵀZ over `depth` rows to `square` (row-major, `stride` × `stride`), for the first `width` columns; tiles
 * that cross the diagonal or the edge are written whole. `stride` is a multiple of 12 of at least `width`, so that whole tiles
 * fit. The tiles are shared out among the threads by columns, each tile being one thread's.
 */
export function addGram(thread: i32, threads: i32, z: usize, depth: i32, width: i32, stride: i32, square: usize): void {
  const step = <usize>stride << 3;
  for (let column = 4 * thread; column < width; column += 4 * threads) {
    const b = z + (<usize>column << 3);
    const out = square + (<usize>column << 3);
    for (let row = 0; row < column + 4; row += 6) {
      addOuterTile(z + (<usize>row << 3), step, b, step, depth, out + <usize>row * step, step, 1);
    }
  }
}
