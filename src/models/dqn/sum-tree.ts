/**
 * Priorities of places, from which a place is drawn in proportion in logarithmic time: a binary tree of sums (T. Schaul et al.,
 * arXiv:1511.05952). Each sum is that of its two children anew, so the tree depends on the priorities alone, not on how they came about.
 */
export class SumTree {
  readonly #leaves: number;
  /** The root is at 1, the children of node i at 2i and 2i + 1, the leaves last. */
  readonly #sums: Float64Array;

  constructor(size: number) {
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(size, 2)));
    this.#sums = new Float64Array(2 * this.#leaves);
  }

  get total(): number {
    return this.#sums[1]!;
  }

  at(place: number): number {
    return this.#sums[this.#leaves + place]!;
  }

  set(place: number, priority: number): void {
    const sums = this.#sums;
    let node = this.#leaves + place;
    sums[node] = priority;
    for (node >>>= 1; node > 0; node >>>= 1) sums[node] = sums[2 * node]! + sums[2 * node + 1]!;
  }

  /** The place where the running sum of priorities passes `amount`, 0 ≤ amount < total; never one without priority. */
  find(amount: number): number {
    const sums = this.#sums;
    let left = amount;
    let node = 1;
    while (node < this.#leaves) {
      node *= 2;
      // Rounding may leave a bit more than all there is on the right.
      if (left < sums[node]! || sums[node + 1] === 0) continue;
      left -= sums[node]!;
      node++;
    }
    return node - this.#leaves;
  }

  /** Copies of the first `count` priorities. */
  priorities(count: number): Float64Array {
    return this.#sums.slice(this.#leaves, this.#leaves + count);
  }

  fill(priorities: ArrayLike<number>): void {
    this.#sums.set(priorities, this.#leaves);
    for (let node = this.#leaves - 1; node > 0; node--)
      this.#sums[node] = this.#sums[2 * node]! + this.#sums[2 * node + 1]!;
  }
}
