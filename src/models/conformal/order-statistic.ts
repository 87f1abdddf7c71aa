/**
 * The `rank`-th smallest (from 1) of all numbers `shift[k] + sorted[k][j]`, without putting them in one list: within each list
 * the smallest that at least `rank` numbers do not exceed is found by bisection, and the least of those is the answer.
 */
export function shiftedOrderStatistic(
  sorted: readonly Float64Array[],
  shift: readonly number[],
  rank: number,
): number {
  let answer = Number.POSITIVE_INFINITY;
  for (const [k, list] of sorted.entries()) {
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const candidate = shift[k] + list[middle];
      if (candidate >= answer || countUpTo(sorted, shift, candidate) >= rank) high = middle;
      else low = middle + 1;
    }
    if (low < list.length) answer = Math.min(answer, shift[k] + list[low]);
  }
  return answer;
}

function countUpTo(sorted: readonly Float64Array[], shift: readonly number[], value: number): number {
  let count = 0;
  for (const [k, list] of sorted.entries()) {
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (shift[k] + list[middle] <= value) low = middle + 1;
      else high = middle;
    }
    count += low;
  }
  return count;
}
