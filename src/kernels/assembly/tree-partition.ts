// Rows of a node to its children.
import { barrier } from './team';

/**
 * Reorders `count` row numbers at `rows` so that those whose byte in `bins` has a 1 in the table `left` (256 bytes) come
 * first; both parts keep their order. `lefts` and `rights` hold `count` row numbers each, `counts` receives for each
 * thread how many of its share go left, 16 integers apart; their sum is the number on the left.
 */
export function partitionRows(thread: i32, threads: i32, bins: usize, left: usize, rows: usize, count: i32, lefts: usize, rights: usize, counts: usize): void {
  const first = <i32>(<i64>count * thread / threads);
  const last = <i32>(<i64>count * (thread + 1) / threads);
  let from = rows + (<usize>first << 2);
  const end = rows + (<usize>last << 2);
  const leftStart = lefts + (<usize>first << 2);
  const rightStart = rights + (<usize>first << 2);
  let a = leftStart;
  let b = rightStart;
  // Both stores and no branch: the wrong one is overwritten by the next row.
  while (from < end) {
    const row = load<u32>(from);
    const goes = <usize>load<u8>(left + <usize>load<u8>(bins + row)) << 2;
    store<u32>(a, row);
    store<u32>(b, row);
    a += goes;
    b += 4 - goes;
    from += 4;
  }
  const mine = <i32>((a - leftStart) >> 2);
  store<i32>(counts + (<usize>thread << 6), mine);
  barrier(threads);
  let before = 0;
  let all = 0;
  for (let t = 0; t < threads; t++) {
    const n = load<i32>(counts + (<usize>t << 6));
    if (t < thread) before += n;
    all += n;
  }
  memory.copy(rows + (<usize>before << 2), leftStart, a - leftStart);
  memory.copy(rows + (<usize>(all + first - before) << 2), rightStart, b - rightStart);
}

/** rows[i] = first + i. */
export function countRows(thread: i32, threads: i32, rows: usize, count: i32, first: i32): void {
  const end = <i32>(<i64>count * (thread + 1) / threads);
  for (let i = <i32>(<i64>count * thread / threads); i < end; i++) store<i32>(rows + (<usize>i << 2), first + i);
}
