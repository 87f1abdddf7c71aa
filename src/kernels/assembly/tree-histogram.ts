// Histograms of gradients: for each bin of each column the pair (Σ gradient, Σ hessian) of float64 numbers.
//
// Bins are row-major bytes, `stride` a row; column j's pairs begin `offsets[j]` bytes into a histogram. Columns are
// shared out among the threads and a column's sums run over the rows in order, so their bits do not depend on the threads.

const BLOCK: i32 = 512;

/**
 * Adds rows `from` … `to` − 1 of the list `rows` (32-bit row numbers; 0: the rows themselves) to `histogram`, which is
 * zeroed first when `fresh`. `gradients` holds a pair of float32 numbers a row, `scratch` 10304 bytes a thread.
 */
export function addHistogram(thread: i32, threads: i32, bins: usize, stride: i32, columns: i32, offsets: usize, gradients: usize, rows: usize, from: i32, to: i32, fresh: i32, histogram: usize, scratch: usize): void {
  const first = columns * thread / threads;
  const last = columns * (thread + 1) / threads;
  if (first >= last) return;
  if (fresh) {
    const begin = load<u32>(offsets + (<usize>first << 2));
    memory.fill(histogram + begin, 0, load<u32>(offsets + (<usize>last << 2)) - begin);
  }
  const pairs = scratch + <usize>thread * 10304;
  const places = pairs + (BLOCK << 4);
  for (let start = from; start < to; start += BLOCK) {
    const count = min(BLOCK, to - start);
    if (rows == 0) {
      let place = bins + <usize>start * stride;
      let gradient = gradients + (<usize>start << 3);
      for (let i: usize = 0; i < <usize>count; i++) {
        v128.store(pairs + (i << 4), f64x2.promote_low_f32x4(v128.load64_zero(gradient)));
        store<u32>(places + (i << 2), place);
        place += stride;
        gradient += 8;
      }
    } else {
      const list = rows + (<usize>start << 2);
      // Touching the rows here brings many of their cache lines at once; the sums below would wait for a few at a time.
      let touched: u32 = 0;
      for (let i: usize = 0; i < <usize>count; i++) {
        const row = <usize>load<u32>(list + (i << 2));
        v128.store(pairs + (i << 4), f64x2.promote_low_f32x4(v128.load64_zero(gradients + (row << 3))));
        const place = bins + row * stride;
        touched += load<u8>(place + first);
        store<u32>(places + (i << 2), place);
      }
      store<u32>(places + (BLOCK << 2), touched);
    }
    let column = first;
    for (; column + 4 <= last; column += 4) addFour(places, pairs, count, column, histogram, offsets);
    for (; column < last; column++) addOne(places, pairs, count, column, histogram, offsets);
  }
}

/** Four columns at a time: their histograms, of 4 KiB at most each, stay in the first-level cache. */
// @ts-ignore: decorator
@inline
function addFour(places: usize, pairs: usize, count: i32, column: i32, histogram: usize, offsets: usize): void {
  const at = offsets + (<usize>column << 2);
  const h0 = histogram + load<u32>(at);
  const h1 = histogram + load<u32>(at, 4);
  const h2 = histogram + load<u32>(at, 8);
  const h3 = histogram + load<u32>(at, 12);
  const end = places + (<usize>count << 2);
  while (places < end) {
    const bins = load<u32>(<usize>load<u32>(places) + column);
    const pair = v128.load(pairs);
    const p0 = h0 + <usize>((bins & 255) << 4);
    const p1 = h1 + <usize>((bins >> 4) & 0xff0);
    const p2 = h2 + <usize>((bins >> 12) & 0xff0);
    const p3 = h3 + <usize>((bins >> 20) & 0xff0);
    v128.store(p0, f64x2.add(v128.load(p0), pair));
    v128.store(p1, f64x2.add(v128.load(p1), pair));
    v128.store(p2, f64x2.add(v128.load(p2), pair));
    v128.store(p3, f64x2.add(v128.load(p3), pair));
    places += 4;
    pairs += 16;
  }
}

// @ts-ignore: decorator
@inline
function addOne(places: usize, pairs: usize, count: i32, column: i32, histogram: usize, offsets: usize): void {
  const base = histogram + load<u32>(offsets + (<usize>column << 2));
  const end = places + (<usize>count << 2);
  while (places < end) {
    const place = base + (<usize>load<u8>(<usize>load<u32>(places) + column) << 4);
    v128.store(place, f64x2.add(v128.load(place), v128.load(pairs)));
    places += 4;
    pairs += 16;
  }
}
