// Splits of exact trees by category: sums by category, and rows parted by a set of them. Codes are float64 by row, NaN where missing; entries of lists
// and pairs are as in tree-exact.ts.

/**
 * Sums of a node's rows by category, to `table`: with `classes` = 0 the numbers [rows, Σ w, Σ w y], else [rows, weight of each class], as float64 for
 * each of the `levels` codes and behind them for missing ones. The table is all 0 before; `touched` receives the codes that have rows (i32),
 * its number first.
 */
export function categorySums(thread: i32, threads: i32, codes: usize, list: usize, count: i32, pairs: usize, classes: i32, levels: i32, table: usize, touched: usize): void {
  const stride: usize = classes == 0 ? 24 : (<usize>classes + 1) << 3;
  let found = 0;
  const end = list + (<usize>count << 3);
  for (let at = list; at < end; at += 8) {
    const row = <usize>load<u32>(at);
    const code = load<f64>(codes + (row << 3));
    const own = code == code ? <i32>code : levels;
    const place = table + <usize>own * stride;
    const rows = load<f64>(place);
    if (rows == 0) store<i32>(touched + (<usize>++found << 2), own);
    store<f64>(place, rows + 1);
    const pair = pairs + (row << 4);
    if (classes == 0) v128.store(place, f64x2.add(v128.load(place, 8), v128.load(pair)), 8);
    else {
      const share = place + (<usize>load<u32>(pair, 8) << 3);
      store<f64>(share, load<f64>(share, 8) + load<f64>(pair), 8);
    }
  }
  store<i32>(touched, found);
}

/** A byte for each row of a list: 1 where its code's bit is in `words` (`length` of 32 bits), or it is missing and `missingLeft`. */
export function markSet(thread: i32, threads: i32, codes: usize, list: usize, count: i32, words: usize, length: i32, missingLeft: i32, marks: usize): void {
  const end = list + (<usize>count << 3);
  for (let at = list; at < end; at += 8) {
    const row = <usize>load<u32>(at);
    const code = load<f64>(codes + (row << 3));
    let left: u32 = missingLeft;
    if (code == code) {
      const bit = <u32>code;
      left = bit >> 5 < <u32>length ? (load<u32>(words + (<usize>(bit >> 5) << 2)) >> (bit & 31)) & 1 : 0;
    }
    store<u8>(marks + row, left);
  }
}

/** Reorders lists (`length` entries each): first the rows whose byte in `marks` is 1, both parts in their order; the number of those to `out`. */
export function partitionMarked(thread: i32, threads: i32, lists: usize, length: i32, columns: i32, begin: i32, count: i32, marks: usize, scratch: usize, out: usize): void {
  const rights = scratch + (<usize>thread * count << 3);
  for (let c = thread; c < columns; c += threads) {
    const list = lists + ((<usize>c * length + begin) << 3);
    let a = list;
    let b = rights;
    const end = list + (<usize>count << 3);
    for (let from = list; from < end; from += 8) {
      const entry = load<u64>(from);
      const goes = <usize>load<u8>(marks + <usize>(entry & 0xffffffff)) << 3;
      store<u64>(a, entry);
      store<u64>(b, entry);
      a += goes;
      b += 8 - goes;
    }
    memory.copy(a, rights, b - rights);
    if (c == 0) store<f64>(out, <f64>((a - list) >> 3));
  }
}
