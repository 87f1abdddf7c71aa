// A minimum spanning tree of all pairs of rows by Prim's algorithm, with distances computed when they are needed: memory grows with the rows.
import { reachFrom } from './hierarchical-pairs';
import { barrier } from './team';

/**
 * `steps` steps of Prim's algorithm from row `current`: each takes the row that is nearest to those taken, the first among equals, and writes (row, distance),
 * two float64 numbers, to `out`. Rows lie as in `reachFrom`, `count` of them, a multiple of 8; `penalty` is infinite where a row
 * is taken (or pads the rest), else 0; `reach` holds the distances from what is taken, infinite at first. `results` holds 32 bytes a thread.
 */
export function spanRows(
  thread: i32, threads: i32, x: usize, stride: i32, count: i32, columns: i32, metric: i32, current: i32, steps: i32, penalty: usize, reach: usize,
  results: usize, out: usize,
): void {
  const groups = count >> 3;
  const from = <i32>(<i64>groups * thread / threads) << 3;
  const to = <i32>(<i64>groups * (thread + 1) / threads) << 3;
  let row = current;
  for (let k = 0; k < steps; k++) {
    // Two sets of results in turn, so that one meeting a step suffices.
    const set = results + <usize>(k & 1) * (<usize>threads << 4);
    const own = set + (<usize>thread << 4);
    store<i32>(own, reachFrom(row, x, stride, columns, metric, from, to, penalty, reach, own + 8));
    barrier(threads);
    row = -1;
    let least: f64 = Infinity;
    for (let t = 0; t < threads; t++) {
      const place = set + (<usize>t << 4);
      const found = load<i32>(place);
      if (found < 0 || load<f64>(place, 8) >= least) continue;
      row = found;
      least = load<f64>(place, 8);
    }
    if (row >= from && row < to) store<f64>(penalty + (<usize>row << 3), Infinity);
    if (thread == 0) {
      store<f64>(out + (<usize>k << 4), <f64>row);
      store<f64>(out + (<usize>k << 4), least, 8);
    }
    if (row < 0) return;
  }
}
