/**
 * xoshiro128++ (D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", 2019) in the arithmetic of whole numbers.
 * @param seed Four words of 32 bits.
 */
export class PlainXoshiro {
  #state: readonly bigint[];

  constructor(seed: ArrayLike<number>) {
    this.#state = Array.from(seed, (word) => BigInt.asUintN(32, BigInt(word)));
  }

  word(): number {
    const [s0, s1, s2, s3] = this.#state as [bigint, bigint, bigint, bigint];
    const word = BigInt.asUintN(32, rotate(BigInt.asUintN(32, s0 + s3), 7n) + s0);
    const [t2, t3] = [s2 ^ s0, s3 ^ s1];
    this.#state = [s0 ^ t3, s1 ^ t2, t2 ^ BigInt.asUintN(32, s1 << 9n), rotate(t3, 11n)];
    return Number(word);
  }

  /** One of 0 … high − 1. */
  randint(high: number): number {
    return Math.floor((this.word() * high) / 2 ** 32);
  }

  uniform(): number {
    const high = this.word() >>> 5;
    return (high * 2 ** 26 + (this.word() >>> 6)) / 2 ** 53;
  }
}

function rotate(word: bigint, by: bigint): bigint {
  return BigInt.asUintN(32, word << by) | (word >> (32n - by));
}
