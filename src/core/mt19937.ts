/**
 * The Mersenne Twister MT19937: 32-bit words in blocks of 624. Source: M. Matsumoto, T. Nishimura, "Mersenne
 * Twister: A 623-dimensionally equidistributed uniform pseudorandom number generator", ACM TOMACS 8 (1998).
 */

/** Words of state, and words made per block. */
export const blockSize = 624;
/** Distance of the word that is mixed in. */
const shiftSize = 397;
/** The twist matrix A: x → (x >> 1) ⊕ (x odd ? A : 0). */
const matrixA = 0x9908b0df;

/** 2^-53; multiplying by it is exact. */
const ulp = 2 ** -53;

export class Mt19937 {
  readonly #key: Uint32Array;
  /** `#key` after tempering: what {@link next} hands out. */
  readonly #words = new Uint32Array(blockSize);
  #position: number;

  /** @param key the 624 words of state; taken over, not copied. @param position words of this block already used. */
  constructor(key: Uint32Array, position: number) {
    this.#key = key;
    this.#position = position;
    for (let i = 0; i < blockSize; i++) this.#words[i] = temper(key[i]!);
  }

  get position(): number {
    return this.#position;
  }

  /** A copy of the state words. */
  key(): Uint32Array {
    return this.#key.slice();
  }

  /** The next word, uniform on 0 … 2^32 − 1. */
  next(): number {
    if (this.#position === blockSize) this.#refill();
    return this.#words[this.#position++]!;
  }

  /** Fills `out` with low + range·u, u as from {@link nextDouble}. */
  fillDoubles(out: Float32Array | Float64Array, low: number, range: number): void {
    const words = this.#words;
    const n = out.length;
    let i = 0;
    while (i < n) {
      if (this.#position > blockSize - 2) {
        out[i++] = low + range * this.nextDouble();
        continue;
      }
      let position = this.#position;
      const stop = Math.min(n, i + ((blockSize - position) >>> 1));
      for (; i < stop; i++, position += 2) {
        const upper = words[position]! >>> 5;
        const lower = words[position + 1]! >>> 6;
        out[i] = low + range * ((upper * 67108864 + lower) * ulp);
      }
      this.#position = position;
    }
  }

  /** Fills `out` with low + v, v uniform on 0 … span: words under `mask` until one is at most `span` (< 2^32). */
  fillMasked(
    out: { length: number; [index: number]: number },
    low: number,
    span: number,
    mask: number,
  ): void {
    const words = this.#words;
    const n = out.length;
    let i = 0;
    while (i < n) {
      if (this.#position === blockSize) this.#refill();
      let position = this.#position;
      while (i < n && position < blockSize) {
        const value = (words[position++]! & mask) >>> 0;
        if (value <= span) out[i++] = low + value;
      }
      this.#position = position;
    }
  }

  /**
   * The next double, uniform on [0, 1) with 53 bits: (a·2^26 + b) / 2^53 of the upper 27 and 26 bits of two words.
   */
  nextDouble(): number {
    let position = this.#position;
    if (position + 2 > blockSize) return this.#doubleAcrossBlocks();
    const high = this.#words[position++]! >>> 5;
    const low = this.#words[position++]! >>> 6;
    this.#position = position;
    return (high * 67108864 + low) * ulp;
  }

  #doubleAcrossBlocks(): number {
    const high = this.next() >>> 5;
    const low = this.next() >>> 6;
    return (high * 67108864 + low) * ulp;
  }

  #refill(): void {
    const key = this.#key;
    const words = this.#words;
    // k[i] ← k[i + 397] ⊕ A · (top bit of k[i], other bits of k[i + 1]), indices modulo 624.
    let current = key[0]!;
    let i = 0;
    for (; i < blockSize - shiftSize; i++) {
      const following = key[i + 1]!;
      const word = key[i + shiftSize]! ^ twist(current, following);
      key[i] = word;
      words[i] = temper(word);
      current = following;
    }
    for (; i < blockSize - 1; i++) {
      const following = key[i + 1]!;
      const word = key[i + shiftSize - blockSize]! ^ twist(current, following);
      key[i] = word;
      words[i] = temper(word);
      current = following;
    }
    const word = key[shiftSize - 1]! ^ twist(current, key[0]!);
    key[i] = word;
    words[i] = temper(word);
    this.#position = 0;
  }
}

function twist(high: number, low: number): number {
  return (((high & 0x80000000) | (low & 0x7fffffff)) >>> 1) ^ (-(low & 1) & matrixA);
}

function temper(word: number): number {
  let y = word ^ (word >>> 11);
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  return y ^ (y >>> 18);
}

/** The state that grows from one integer: k[i] = 1812433253 · (k[i−1] ⊕ (k[i−1] >> 30)) + i modulo 2^32. */
export function keyFromSeed(seed: number): Uint32Array {
  const key = new Uint32Array(blockSize);
  key[0] = seed;
  for (let i = 1; i < blockSize; i++) {
    const previous = key[i - 1]!;
    key[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
  }
  return key;
}
