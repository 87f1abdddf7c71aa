// The rows that a tree of a forest is grown on.
import { drawBelow } from './xoshiro';

/**
 * Draws `size` of the rows with replacement (or takes each once, without `isBootstrap`) and writes their pairs: the weight, which is the row's own
 * times how often it was drawn, and w · y, or of `classes` classes the number y of its class. With `isBalanced` the classes are made to weigh the
 * same: w_k = Σ w / (classes · Σ_{y = k} w). `counts` has room for 32 bits a row, `byClass` for a float64 a class. Bit i mod 8 of byte ⌊i / 8⌋ at `drawn`
 * (0 to leave it out) says whether row i was drawn. Returns the number of rows of weight above 0, and writes their weight to `total`.
 */
export function drawBag(thread: i32, threads: i32, random: usize, rows: i32, size: i32, isBootstrap: i32, isBalanced: i32, y: usize, weights: usize, classes: i32, counts: usize, byClass: usize, pairs: usize, drawn: usize, total: usize): i32 {
  if (isBootstrap) {
    memory.fill(counts, 0, <usize>rows << 2);
    for (let i = 0; i < size; i++) {
      const at = counts + (<usize>drawBelow(random, rows) << 2);
      store<u32>(at, load<u32>(at) + 1);
    }
  }
  let sum: f64 = 0;
  let found = 0;
  for (let i: usize = 0; i < <usize>rows; i++) {
    const count = isBootstrap ? <f64>load<u32>(counts + (i << 2)) : 1.0;
    const weight = load<f64>(weights + (i << 3)) * count;
    store<f64>(pairs + (i << 4), weight);
    sum += weight;
    found += <i32>(weight > 0);
  }
  if (drawn != 0) {
    memory.fill(drawn, isBootstrap ? 0 : 255, (<usize>rows + 7) >> 3);
    if (isBootstrap) {
      for (let i: usize = 0; i < <usize>rows; i++) {
        const at = drawn + (i >> 3);
        store<u8>(at, load<u8>(at) | (<u8>(load<u32>(counts + (i << 2)) != 0) << <u8>(i & 7)));
      }
    }
  }
  if (isBalanced) sum = balance(rows, y, classes, byClass, pairs, sum);
  for (let i: usize = 0; i < <usize>rows; i++) {
    const pair = pairs + (i << 4);
    const target = load<f64>(y + (i << 3));
    if (classes == 0) store<f64>(pair, load<f64>(pair) * target, 8);
    else store<u64>(pair, <u64>target, 8);
  }
  store<f64>(total, sum);
  return found;
}

function balance(rows: i32, y: usize, classes: i32, byClass: usize, pairs: usize, total: f64): f64 {
  memory.fill(byClass, 0, <usize>classes << 3);
  for (let i: usize = 0; i < <usize>rows; i++) {
    const at = byClass + (<usize>load<f64>(y + (i << 3)) << 3);
    store<f64>(at, load<f64>(at) + load<f64>(pairs + (i << 4)));
  }
  let sum: f64 = 0;
  for (let i: usize = 0; i < <usize>rows; i++) {
    const own = load<f64>(byClass + (<usize>load<f64>(y + (i << 3)) << 3));
    const weight = own > 0 ? load<f64>(pairs + (i << 4)) * (total / (<f64>classes * own)) : 0;
    store<f64>(pairs + (i << 4), weight);
    sum += weight;
  }
  return sum;
}
