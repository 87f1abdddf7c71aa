/** Edges between clusters, the shortest first; among equals the one with the smaller first cluster, then second. */
export class EdgeHeap {
  #values = new Float64Array(1024);
  #ends = new Int32Array(2048);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(value: number, a: number, b: number): void {
    if (this.#size === this.#values.length) this.#grow();
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(value, a, b, parent)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(at, value, a, b);
  }

  /** Takes the shortest edge out. The heap must not be empty. */
  pop(): { readonly value: number; readonly a: number; readonly b: number } {
    const top = { value: this.#values[0]!, a: this.#ends[0]!, b: this.#ends[1]! };
    const last = --this.#size;
    const [value, a, b] = [this.#values[last]!, this.#ends[2 * last]!, this.#ends[2 * last + 1]!];
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= last) break;
      if (
        child + 1 < last &&
        this.#isBefore(
          this.#values[child + 1]!,
          this.#ends[2 * child + 2]!,
          this.#ends[2 * child + 3]!,
          child,
        )
      ) {
        child++;
      }
      if (this.#isBefore(value, a, b, child)) break;
      this.#move(child, at);
      at = child;
    }
    this.#put(at, value, a, b);
    return top;
  }

  #isBefore(value: number, a: number, b: number, other: number): boolean {
    const known = this.#values[other]!;
    if (value !== known) return value < known;
    const first = this.#ends[2 * other]!;
    return a !== first ? a < first : b < this.#ends[2 * other + 1]!;
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#values[from]!, this.#ends[2 * from]!, this.#ends[2 * from + 1]!);
  }

  #put(at: number, value: number, a: number, b: number): void {
    this.#values[at] = value;
    this.#ends[2 * at] = a;
    this.#ends[2 * at + 1] = b;
  }

  #grow(): void {
    const [values, ends] = [this.#values, this.#ends];
    this.#values = new Float64Array(2 * values.length);
    this.#values.set(values);
    this.#ends = new Int32Array(2 * ends.length);
    this.#ends.set(ends);
  }
}
