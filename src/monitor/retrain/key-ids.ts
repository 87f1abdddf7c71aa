/**
 * Small whole numbers for keys, in the order in which they come: what a `Map` of numbers beyond 2^31 does, several times as fast.
 * Open addressing with linear probing (Knuth, The Art of Computer Programming 3, 6.4); keys are finite and not negative.
 */
export class KeyIds {
  #slots: Float64Array;
  #ids: Int32Array;
  #count = 0;

  /** @param expected Different keys to come; more are possible. */
  constructor(expected: number) {
    const slots = 2 ** Math.ceil(Math.log2(2 * Math.max(8, expected)));
    this.#slots = new Float64Array(slots).fill(-1);
    this.#ids = new Int32Array(slots);
  }

  /** Different keys so far. */
  get count(): number {
    return this.#count;
  }

  /** The number of a key: 0, 1, … */
  id(key: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    // Keys are hashes: their low bits are even.
    let slot = (key % 2 ** 31) & mask;
    while (slots[slot] !== key) {
      if (slots[slot] === -1) return this.#add(slot, key);
      slot = (slot + 1) & mask;
    }
    return this.#ids[slot]!;
  }

  #add(slot: number, key: number): number {
    const id = this.#count++;
    this.#slots[slot] = key;
    this.#ids[slot] = id;
    if (2 * this.#count > this.#slots.length) this.#grow();
    return id;
  }

  #grow(): void {
    const [slots, ids] = [this.#slots, this.#ids];
    this.#slots = new Float64Array(2 * slots.length).fill(-1);
    this.#ids = new Int32Array(2 * slots.length);
    const mask = this.#slots.length - 1;
    for (let i = 0; i < slots.length; i++) {
      if (slots[i] === -1) continue;
      let slot = (slots[i]! % 2 ** 31) & mask;
      while (this.#slots[slot] !== -1) slot = (slot + 1) & mask;
      this.#slots[slot] = slots[i]!;
      this.#ids[slot] = ids[i]!;
    }
  }
}
